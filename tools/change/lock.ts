import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { chooseEnvironment, ENVIRONMENT_OPTION } from '../lib/choose-environment';
import { parseOptions, runTool, type Main } from '../lib/command';
import { UsageError } from '../lib/errors';
import { Progress } from '../lib/progress';
import { LOCK, mergeLocks, PLATFORMS } from './deploy/lock';
import { Stack } from './deploy/stack';

const HELP = `Locks Terraform's providers: writes ${LOCK}, with their hashes for every platform that people use.
Commit it. From then on every plan takes exactly these providers, on a laptop as in CI, and refuses others.

  npm run lock    the newest versions that the settings admit (awsProvider.version)

  --env NAME              the environment whose providers are locked; PIPELINE_ENV, or else dev, unless given
  --platform PLATFORM     instead of ${PLATFORMS.join(', ')}; may be repeated
  --mirror FOLDER         take the providers from a filesystem mirror, where the registry cannot be reached
  --help                  show this

Exit codes: 0, 1 an error, 2 a wrong command line.`;

const root = path.resolve(__dirname, '..', '..');

export const main: Main = async (args) => {
  const { values, positionals } = parseOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      ...ENVIRONMENT_OPTION,
      platform: { type: 'string', multiple: true },
      mirror: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (positionals.length > 0)
    throw new UsageError(`Expected no arguments; got ${positionals.join(' ')}.\n\n${HELP}`);
  const { env } = await chooseEnvironment(values.env);
  const progress = new Progress(process.stdout);
  const stack = await Stack.prepare({ root, env, progress, init: false });
  const { platform: platforms = PLATFORMS, mirror } = values;
  const made = await progress.step('Locking the providers', () =>
    stack.lockProviders(platforms, mirror === undefined ? undefined : path.resolve(mirror)),
  );
  const file = path.join(root, LOCK);
  writeFileSync(file, mergeLocks(existsSync(file) ? readFileSync(file, 'utf8') : '', made));
  progress.say(`Wrote ${LOCK}. Commit it.`);
  return 0;
};

if (require.main === module) void runTool(main);
