import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { nearest } from '../../config/nearest';
import { ENVIRONMENT_OPTION } from '../lib/choose-environment';
import { parseOptions, runTool, type Main } from '../lib/command';
import { UsageError } from '../lib/errors';
import { durationOption, integerOption } from '../lib/options';
import { openEnvironment } from '../lib/pipeline';
import { YES_OPTION } from '../lib/protect';
import { alarmsOf, anyAlarm } from './release/alarms';
import { release, status } from './release/release';

const HELP = `Shows which version of a function answers, or makes another one answer. Only the alias \`live\` is changed.

  npm run release -- status                   what answers now, and what else there is
  npm run release -- promote                  the canary, or else the newest version, gets everything
  npm run release -- promote --weight 0.1     … gets a tenth, beside the version that answers now (canary)
  npm run release -- rollback                 ends the canary, or else goes back to the next older version

  --function NAME   which function, without the environment's prefix; process-upload unless given
  --version N       promotes this version, or goes back to it
  --weight SHARE    of the invocations, more than 0 and less than 1
  --watch TIME      watches the environment's alarms for that long (15m, 1h): one that goes off takes a promotion back;
                    a rollback waits until they are quiet
  --dry-run         says what it would do, and changes nothing
  --env NAME        the environment; PIPELINE_ENV, or else dev, unless given
  --yes             do not ask where the environment is protected
  --help            show this

Terraform does not know of it: \`npm run diff\` shows the alias as changed until
release.version and release.canary say the same (docs/releases.md).
Exit codes: 0 done; 1 an alarm went off, or it failed; 2 wrong command line; 3 rolled back, but there are no alarms to watch.`;

export const main: Main = async (args) => {
  const { values, positionals } = parseOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      ...ENVIRONMENT_OPTION,
      ...YES_OPTION,
      function: { type: 'string', default: 'process-upload' },
      version: { type: 'string' },
      weight: { type: 'string' },
      watch: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [command, ...others] = positionals;
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (others.length > 0 || !isCommand(command)) {
    throw new UsageError(
      `Expected status, promote or rollback; got ${positionals.join(' ') || 'nothing'}.${meant(command)} All options: npm run release -- --help`,
    );
  }
  if (values.weight !== undefined && command !== 'promote') {
    throw new UsageError(`--weight goes with promote, not with ${command}.`);
  }
  const asked = {
    ...(values.version !== undefined && { version: versionOption(values.version) }),
    ...(values.weight !== undefined && { weight: weightOption(values.weight) }),
    ...(values.watch !== undefined && { watch: durationOption(values.watch, '--watch') }),
  };
  const { settings, allow } = await openEnvironment(values.env);
  const { namePrefix, region, awsProvider } = settings;
  const { localEndpoint } = awsProvider;
  const config = { region, ...(localEndpoint !== undefined && { endpoint: localEndpoint }) };
  const context = {
    client: new LambdaClient(config),
    functionName: `${namePrefix}-${values.function}`,
    output: process.stdout,
  };
  if (command === 'status') return status(context);
  if (!values['dry-run']) await allow({ does: 'changes which version answers', yes: values.yes });
  const cloudwatch = new CloudWatchClient(config);
  return release(context, {
    ...asked,
    command,
    dryRun: values['dry-run'],
    readAlarms: alarmsOf(cloudwatch, `${namePrefix}-`),
    haveAlarms: () => anyAlarm(cloudwatch, `${namePrefix}-`),
  });
};

const meant = (command = ''): string => {
  const near = nearest(command, ['status', 'promote', 'rollback']);
  return near === undefined || near === command ? '' : ` Did you mean ${near}?`;
};

function isCommand(name: string | undefined): name is 'status' | 'promote' | 'rollback' {
  return name === 'status' || name === 'promote' || name === 'rollback';
}

function versionOption(text: string): number {
  return integerOption(text, { option: '--version', minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
}

function weightOption(text: string): number {
  const weight = Number(text);
  if (text.trim() !== '' && weight > 0 && weight < 1) return weight;
  throw new UsageError(
    `--weight: got ${JSON.stringify(text)}; expected a share of more than 0 and less than 1.`,
  );
}

if (require.main === module) void runTool(main);
