import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { clientConfig } from '../lib/clients';
import { ENVIRONMENT_OPTION } from '../lib/choose-environment';
import { parseOptions, runTool, type Main } from '../lib/command';
import { openPipeline } from '../lib/pipeline';
import { coloursFor } from '../lib/terminal';
import { gatherStatus } from './status/gather';
import { needsAttention, statusScreen } from './status/screen';

const HELP = `Shows the pipeline on one screen: uploads waiting, processed today, failures, concurrency, alarms in ALARM; and objects
under no prefix that the pipeline knows, which a change of prefixes leaves behind.

  npm run status
  npm run local -- npm run status     on the local engine

  --env NAME   the environment; PIPELINE_ENV, or else dev, unless given
  --help       show this

Exit codes: 0 all is well; 1 it could not be read; 2 wrong command line; 3 something needs a person: failures, alarms, or
a stopped function.`;

/** The exit code where something needs a person. */
const ATTENTION = 3;

export const main: Main = async (args) => {
  const { values } = parseOptions({
    args: [...args],
    options: { ...ENVIRONMENT_OPTION, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  const { target, settings } = await openPipeline(values.env);
  const config = clientConfig(settings);
  const now = new Date();
  const clients = {
    s3: new S3Client(config),
    sqs: new SQSClient(config),
    lambda: new LambdaClient(config),
    cloudwatch: new CloudWatchClient(config),
  };
  const status = await gatherStatus(target, clients, now);
  console.log(statusScreen(status, now, coloursFor(process.stdout)));
  return needsAttention(status) ? ATTENTION : 0;
};

if (require.main === module) void runTool(main);
