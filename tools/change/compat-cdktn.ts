import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { environments } from '../../config/environments';
import { EXPECTED, type Difference } from './compat-cdktn/differences';
import { VERSIONS } from './compat-cdktn/rewrite';
import { compareSynth, copyProject, runIn, type Copy } from './compat-cdktn/steps';
import { parseOptions, runTool, type Main } from '../lib/command';
import { ToolError, UsageError } from '../lib/errors';
import { Progress } from '../lib/progress';

const HELP = `Tries this project on cdktn ${VERSIONS.cdktn}, the fork of cdktf that lives on: in a copy among the temporary files,
with cdktn's packages in the place of cdktf's, it checks the types, synthesizes every environment and runs the unit tests.

  npm run compat:cdktn

What differs in the synthesized JSON is listed; what is not known to be harmless makes it fail. Needs Node.js 22.19 or
later for a clean install, the npm registry, and some minutes. How to go over: docs/migrating.md.

  --skip-tests   without the unit tests
  --help         show this

Exit codes: 0, 1 where something fails or differs, 2 for a wrong command line.`;

const root = path.resolve(__dirname, '..', '..');

export const main: Main = async (args) => {
  const { values, positionals } = parseOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      'skip-tests': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (positionals.length > 0)
    throw new UsageError(`Expected no arguments; got ${positionals.join(' ')}.\n\n${HELP}`);

  const progress = new Progress(process.stdout);
  // Not below the project: Jest leaves out what lies below .local/. One a checkout: two may be tried at a time.
  const checkout = createHash('sha256').update(root).digest('hex').slice(0, 8);
  const folder = path.join(tmpdir(), `upload-pipeline-on-cdktn-${checkout}`);
  mkdirSync(folder, { recursive: true });
  const copy: Copy = { root, folder, log: `${folder}.log` };
  copyProject(copy);
  await progress.step('Installing cdktn', () =>
    // With the project's lock file: npm keeps the version of every package that is in both.
    runIn(copy, 'npm', 'install', '--no-audit', '--no-fund', '--ignore-scripts'),
  );
  await progress.step('Checking the types', () => runIn(copy, 'npx', 'tsc'));
  const unexpected: Difference[] = [];
  for (const name of Object.keys(environments)) {
    const found = await progress.step(
      `Synthesizing ${name}`,
      () => compareSynth(copy, name),
      (all) => `Synthesized ${name}: ${all.length} differences`,
    );
    for (const difference of found) tell(progress, difference);
    unexpected.push(...found.filter((difference) => !(difference.path in EXPECTED)));
  }
  if (!values['skip-tests']) {
    await progress.step('Running the unit tests', () =>
      runIn(copy, 'npx', 'jest', '--selectProjects', 'unit'),
    );
  }
  if (unexpected.length === 0) return 0;
  throw new ToolError(`${unexpected.length} differences are not known to be harmless: see above.`);
};

function tell(progress: Progress, { path: where, before, after }: Difference): void {
  const why = EXPECTED[where] ?? 'NOT EXPECTED';
  progress.say(`${where}: ${JSON.stringify(before)} → ${JSON.stringify(after)} (${why})`);
}

if (require.main === module) void runTool(main);
