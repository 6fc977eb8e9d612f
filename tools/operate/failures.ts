import { SQSClient } from '@aws-sdk/client-sqs';
import { listFailures } from './failures/group';
import { readAll } from './failures/queue';
import { count, failureReport } from './failures/report';
import { sqsQueue } from './failures/sqs-queue';
import { clientConfig } from '../lib/clients';
import { parseOptions, runTool } from '../lib/command';
import { INTERRUPTED, interruptible } from '../lib/interrupt';
import { Progress } from '../lib/progress';
import { findTarget } from '../lib/target';
import { coloursFor } from '../lib/terminal';

const HELP = `What failed for good: reads the failure queue and leaves every record in it.

  npm run failures                        by function, condition and error, newest first, with the uploads' keys
  npm run failures -- --json              the same for programs, with every key
  npm run local -- npm run failures       on the local engine

Ends 0 when there are none, 3 when there are some. While this reads, the records are hidden from redrive; they come
back when it ends, and within five minutes after a crash.`;

/** Long enough to read some 100,000 records. */
const HOLD_SECONDS = 300;

/** The exit code where there are failures, so that a script can tell. */
const SOME = 3;

void runTool(async (args) => {
  const { values } = parseOptions({
    args: [...args],
    options: { help: { type: 'boolean', short: 'h' }, json: { type: 'boolean' } },
  });
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  const { failureQueueUrl, processUploadFunction } = await findTarget(process.env);
  const queue = sqsQueue({
    client: new SQSClient(clientConfig()),
    url: failureQueueUrl,
    holdSeconds: HOLD_SECONDS,
  });
  const signal = interruptible();
  const messages = await new Progress(process.stderr).step(
    'Reading the failure queue',
    (note) =>
      readAll({
        queue,
        signal,
        onProgress: (read) => {
          note(count(read, 'record'));
        },
      }),
    (read) => `Read ${count(read.length, 'record')} of the failure queue`,
  );
  const failures = listFailures(messages, processUploadFunction);
  console.log(
    values.json === true
      ? JSON.stringify(failures, undefined, 2)
      : failureReport(failures, coloursFor(process.stdout)),
  );
  if (signal.aborted) return INTERRUPTED;
  return messages.length === 0 ? 0 : SOME;
});
