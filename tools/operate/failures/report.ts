import { explainDenials } from '../../lib/denial';
import { type Colours, count, indent, printable, shortened, utcTime } from '../../lib/terminal';
import type { ForeignMessage, StreamBatch } from './failure';
import type { FailureGroup, FailureList } from './group';
import type { Unseen } from './queue';

/** How many keys of a group are shown. */
const KEYS_SHOWN = 10;

/** How far in they stand. */
const KEY_INDENT = 4;

/** How much of a message is shown: its beginning says what failed, its end what to do. */
const MESSAGE_CHARACTERS = 500;

export interface ReportOptions {
  readonly colours: Colours;
  /** The prefix of all resource names. */
  readonly namePrefix: string;
  /** The width of the terminal: longer keys are shortened. @default no limit */
  readonly columns?: number;
  /** Where the error of a group began, in lines. @default not shown */
  readonly traceOf?: (group: FailureGroup) => string;
}

/** The failures as text. */
export function failureReport(
  list: FailureList,
  unseen: Unseen,
  { colours, namePrefix, columns = Infinity, traceOf = () => '' }: ReportOptions,
): string {
  const { groups, streams, foreign } = list;
  const parts = [
    ...groups.map((group) => groupText(group, { colours, namePrefix, columns, traceOf })),
    ...streams.map((batch) => streamText(batch, colours)),
    ...(foreign.length > 0 ? [foreignText(foreign, colours)] : []),
    ...(unseen.number > 0 ? [unseenText(unseen)] : []),
  ];
  return parts.length === 0 ? 'No failures: the queue is empty.' : parts.join('\n\n');
}

const UNSERVED = 'under no prefix that process-upload serves (formerPrefixes); redrive skips these records.';

function groupText(
  group: FailureGroup,
  { colours, namePrefix, columns, traceOf }: Required<ReportOptions>,
): string {
  const { source, condition, errorType, errorMessage, permanent, records, keys, unserved, newest, oldest } =
    group;
  const name = source.kind === 'queue' ? `queue ${source.name}` : source.name;
  const cause = [condition, errorType].filter((part) => part !== undefined).join(', ');
  const span = records === 1 ? utcTime(newest) : `${utcTime(oldest)} to ${utcTime(newest)}`;
  const verdict = permanent
    ? colours.bad('Trying again cannot help; redrive skips these records without --include-permanent.')
    : `Trying again may help: npm run redrive sends ${records === 1 ? 'it' : 'them'} back to ${name}`;
  const denied = explainDenials(errorMessage ?? '', namePrefix);
  const more = keys.length - KEYS_SHOWN;
  const trace = traceOf(group);
  return [
    `${colours.heading(name)}  ${cause}  ${count(records, 'record')}  ${colours.quiet(span)}`,
    indent(
      [
        ...(errorMessage === undefined ? [] : [printable(shortened(errorMessage, MESSAGE_CHARACTERS))]),
        ...(trace === '' ? [] : [indent(trace)]),
        ...(denied === '' ? [] : [colours.bad(denied)]),
        verdict,
        ...(unserved > 0 ? [colours.bad(`${count(unserved, 'upload')} ${UNSERVED}`)] : []),
        ...keys.slice(0, KEYS_SHOWN).map((key) => `  ${shortened(printable(key), columns - KEY_INDENT)}`),
        ...(more > 0 ? [colours.quiet(`  and ${more} more (--json shows all)`)] : []),
      ].join('\n'),
    ),
  ].join('\n');
}

/** Lambda says where the records are, never what is in them or what was wrong with them. */
function streamText({ source, place, failedAt }: StreamBatch, colours: Colours): string {
  const { records, streamArn, shardId, first, last, condition = '', arrivedAt } = place;
  const kept = 'the stream keeps them until they expire: npm run redrive';
  return [
    `${colours.heading(source.name)}  ${condition}  ${count(records, 'record')} of a stream  ${colours.quiet(utcTime(failedAt))}`,
    indent(
      [
        `${streamArn}, ${shardId}`,
        `  ${first} to ${last}`,
        arrivedAt === undefined ? `T${kept.slice(1)}` : `The first arrived ${utcTime(arrivedAt)}; ${kept}`,
      ].join('\n'),
    ),
  ].join('\n');
}

function foreignText(foreign: readonly ForeignMessage[], colours: Colours): string {
  const heading = colours.heading(`${count(foreign.length, 'message')} without a way back`);
  const messages = foreign.map(
    ({ failedAt, why, excerpt }) => `${utcTime(failedAt)}  ${why}: ${printable(excerpt)}`,
  );
  return [`${heading}, skipped by redrive`, indent(messages.join('\n'))].join('\n');
}

function unseenText({ number, held }: Unseen): string {
  const records = count(number, 'more record');
  return held
    ? `${records}: ${HELD}.`
    : `${records}: SQS handed out only known ones in the end. Redrive what is known, then look again.`;
}

/** How long `failures` hides records, in seconds: long enough to read some 100,000. */
export const HOLD_SECONDS = 300;

/** What records are that the queue counts but does not hand out. */
export const HELD = `hidden by another redrive or failures, at work or killed; back when its hold ends (redrive 120 s or its --hold, failures ${HOLD_SECONDS} s)`;
