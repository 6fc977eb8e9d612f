import path from 'node:path';
import { duration, indent, table, type Colours } from '../lib/terminal';
import type { LocalPaths } from '../machine/paths';
import type { Sample } from './sample';
import type { Outputs } from './state';

/** The largest key S3 takes, in bytes of UTF-8. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const MAX_KEY_BYTES = 1024;

export interface Summary {
  readonly paths: LocalPaths;
  readonly endpoint: string;
  /** Whether the engine is the person's own. */
  readonly own: boolean;
  readonly outputs: Outputs;
  readonly sample: Sample;
}

/** What is there now, what the sample did, and what to try next. */
export function summaryText({ paths, endpoint, own, outputs, sample }: Summary, colours: Colours): string {
  const deployed = table([
    ['engine', `${endpoint}${own ? ' (your own)' : ''}`],
    ['bucket', outputs.upload_bucket],
    ['function', outputs.process_upload_function],
    ['failure queue', outputs.failure_queue_url],
    ['log', own ? 'your engine’s' : path.relative(paths.root, paths.engineLog)],
  ]);
  const way = table([
    ['uploaded', sample.uploadedKey],
    [`moved after ${duration(sample.movedAfterMs)}`, sample.processedKey],
  ]);
  const next = thingsToTry(outputs)
    .map(([what, command]) => `  ${what}\n    ${command}`)
    .join('\n');
  return [
    ['Deployed', deployed],
    ['The sample', way],
    ['Try next', next],
  ]
    .map(([heading = '', body = '']) => `\n${colours.heading(heading)}\n${body}\n`)
    .join('');
}

/**
 * Commands to copy, each with what it shows. Single quotes, because the variables are set for the command, not
 * for the shell that it is typed into; the endpoint is named because the AWS CLI 1 takes it from the
 * environment for every service but SQS.
 */
export function thingsToTry({
  upload_prefix: uploads,
  processed_prefix: processed,
}: Outputs): [string, string][] {
  const inShell = (command: string): string => `npm run local -- sh -c '${command}'`;
  const digits = MAX_KEY_BYTES - Buffer.byteLength(uploads);
  return [
    ['Upload a file of your own', inShell(`aws s3 cp README.md "s3://$UPLOAD_BUCKET/${uploads}"`)],
    ['See what was processed', inShell(`aws s3 ls --recursive "s3://$UPLOAD_BUCKET/${processed}"`)],
    [
      'Make an upload fail: its key would be too long once moved',
      inShell(`aws s3 cp README.md "s3://$UPLOAD_BUCKET/${uploads}$(printf %0${digits}d 0)"`),
    ],
    [
      'See its record in the failure queue, a few seconds later',
      inShell(
        'aws --endpoint-url "$AWS_ENDPOINT_URL" sqs receive-message \\\n' +
          '      --queue-url "$FAILURE_QUEUE_URL" --wait-time-seconds 20 --visibility-timeout 0',
      ),
    ],
    ['Change a handler or a setting, and see what would change', 'npm run local -- npm run diff'],
    ['Deploy that change', 'npm start'],
    ['End the engine and forget all of this', 'npm stop'],
  ];
}

/** A log's end with a heading; nothing where the log is empty. */
export const logEnd = (heading: string, lines: string): string =>
  lines === '' ? '' : `\n\n${heading}\n\n${indent(lines)}`;
