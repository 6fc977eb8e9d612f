import path from 'node:path';
import { duration, indent, table, type Colours } from '../lib/terminal';
import type { LocalPaths } from '../machine/paths';
import type { Sample, UploadRule } from './sample';
import type { Outputs } from './state';

/** The largest key S3 takes, in bytes of UTF-8. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const MAX_KEY_BYTES = 1024;

export interface Summary {
  readonly paths: LocalPaths;
  readonly endpoint: string;
  /** Whether the engine is the user's own. */
  readonly own: boolean;
  readonly outputs: Outputs;
  readonly sample: Sample;
  /** The conditions that the settings set for an upload. */
  readonly rule: UploadRule;
}

/** The running services, the result of the sample, and commands to try next. */
export function summaryText(
  { paths, endpoint, own, outputs, sample, rule }: Summary,
  colours: Colours,
): string {
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
  const next = thingsToTry(outputs, rule)
    .map(([what, command]) => `  ${what}\n    ${command}`)
    .join('\n');
  return [
    ['Deployed', deployed],
    ['The sample', way],
    ['Try next', next],
    ['Change first', table(CHANGE_FIRST)],
  ]
    .map(([heading = '', body = '']) => `\n${colours.heading(heading)}\n${body}\n`)
    .join('');
}

const CHANGE_FIRST = [
  ['handlers/process-upload/process.ts', 'your own step, which runs before each move'],
  ['config/environments.ts', 'namePrefix and region, before the first `npm run deploy`'],
];

/**
 * Commands to copy, each with its purpose. Single quotes, because the variables are set for the command, not
 * for the shell that it is typed into.
 */
export function thingsToTry(outputs: Outputs, { suffix = '' }: UploadRule): [string, string][] {
  const inShell = (command: string): string => `npm run local -- sh -c '${command}'`;
  const [uploads, processed] = [
    's3://$UPLOAD_BUCKET/${UPLOAD_PREFIX}',
    's3://$UPLOAD_BUCKET/$PROCESSED_PREFIX',
  ];
  const { upload_prefix: from, processed_prefix: to } = outputs;
  const digits = MAX_KEY_BYTES - Buffer.byteLength(from) - Buffer.byteLength(suffix);
  return [
    [
      'Upload a file of your own',
      inShell(`aws s3 cp README.md "${uploads}${suffix === '' ? '' : `README${quoted(suffix)}`}"`),
    ],
    ['See what was processed', inShell(`aws s3 ls --recursive "${processed}"`)],
    // Only where moving makes a key longer.
    ...(Buffer.byteLength(to) > Buffer.byteLength(from)
      ? ([
          [
            'Make an upload fail: its key would be too long once moved',
            inShell(`aws s3 cp README.md \\\n      "${uploads}$(printf %0${digits}d 0)${quoted(suffix)}"`),
          ],
        ] satisfies [string, string][])
      : []),
    ['See what failed, and why', 'npm run local -- npm run failures'],
    ['See uploads, failures and alarms on one screen', 'npm run local -- npm run status'],
    ['Read what the functions log', 'npm run local -- npm run logs'],
    ['Change a handler or a setting, and see what would change', 'npm run local -- npm run diff'],
    ['Deploy that change', 'npm start'],
    ['End the engine and forget all of this', 'npm stop'],
  ];
}

/** Text inside double quotes that stand inside single quotes. */
const quoted = (text: string): string =>
  text.replaceAll(/["$`\\]/gu, String.raw`\$&`).replaceAll("'", String.raw`'\''`);

/** A log's end with a heading; empty if the log is empty. */
export const logEnd = (heading: string, lines: string): string =>
  lines === '' ? '' : `\n\n${heading}\n\n${indent(lines)}`;
