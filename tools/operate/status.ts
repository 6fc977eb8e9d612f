import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { clientConfig } from '../lib/clients';
import { parseOptions, runTool } from '../lib/command';
import { findTarget } from '../lib/target';
import { coloursFor } from '../lib/terminal';
import { gatherStatus } from './status/gather';
import { needsAttention, statusScreen } from './status/screen';

const HELP = `The pipeline on one screen: uploads waiting, processed today, failures, concurrency, alarms in ALARM.

  npm run status
  npm run local -- npm run status     on the local engine

Ends 0 when all is well, 3 when someone should look: failures, alarms, or a function that is stopped.`;

/** The exit code where someone should look. */
const LOOK = 3;

void runTool(async (args) => {
  const { values } = parseOptions({ args: [...args], options: { help: { type: 'boolean', short: 'h' } } });
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  const target = await findTarget(process.env);
  const config = clientConfig();
  const now = new Date();
  const clients = {
    s3: new S3Client(config),
    sqs: new SQSClient(config),
    lambda: new LambdaClient(config),
    cloudwatch: new CloudWatchClient(config),
  };
  const status = await gatherStatus(target, clients, now);
  console.log(statusScreen(status, now, coloursFor(process.stdout)));
  return needsAttention(status) ? LOOK : 0;
});
