import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { clientConfig } from '../lib/clients';
import { ENVIRONMENT_OPTION } from '../lib/choose-environment';
import { parseOptions, runTool, type Main } from '../lib/command';
import { INTERRUPTED, interruptible } from '../lib/interrupt';
import { openPipeline } from '../lib/pipeline';
import { coloursFor } from '../lib/terminal';
import { gatherStatus } from './status/gather';
import { needsAttention, statusScreen } from './status/screen';
import { watchStatus } from './status/watch';

const HELP = `Shows the pipeline on one screen: uploads waiting, processed today, failures, the last redrive, the version that answers,
concurrency, alarms in ALARM; and objects under no prefix that a pipeline knows, which a change of prefixes leaves behind.

  npm run status
  npm run local -- npm run status     on the local engine

  --watch      again every few seconds until Ctrl-C: redrawn in place, or a line each where the output is no terminal
  --json       the same for programs; with --watch an object a line
  --env NAME   the environment; PIPELINE_ENV, or else dev, unless given
  --help       show this

Exit codes: 0 all is well; 1 it could not be read; 2 wrong command line; 3 something needs a person: failures, alarms, or
a stopped function; 130 Ctrl-C.`;

/** The exit code where something needs a person. */
const ATTENTION = 3;

export const main: Main = async (args) => {
  const { values } = parseOptions({
    args: [...args],
    options: {
      ...ENVIRONMENT_OPTION,
      json: { type: 'boolean', default: false },
      watch: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  const { target, settings } = await openPipeline(values.env);
  const config = clientConfig(settings);
  const clients = {
    s3: new S3Client(config),
    sqs: new SQSClient(config),
    lambda: new LambdaClient(config),
    cloudwatch: new CloudWatchClient(config),
  };
  const gather = (now: Date) => gatherStatus(target, clients, now);
  if (values.watch) {
    await watchStatus({ gather, json: values.json, output: process.stdout, signal: interruptible() });
    return INTERRUPTED;
  }
  const now = new Date();
  const status = await gather(now);
  console.log(
    values.json
      ? JSON.stringify(status, undefined, 2)
      : statusScreen(status, now, coloursFor(process.stdout)),
  );
  return needsAttention(status) ? ATTENTION : 0;
};

if (require.main === module) void runTool(main);
