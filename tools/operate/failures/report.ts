import { type Colours, indent } from '../../lib/terminal';
import type { FailureGroup, FailureList } from './group';
import type { StreamBatch } from './record';

/** How many keys of a group are shown. */
const KEYS_SHOWN = 10;

/** The failures as text. */
export function failureReport({ groups, streams, foreign }: FailureList, colours: Colours): string {
  if (groups.length + streams.length + foreign.length === 0) return 'No failures: the queue is empty.';
  const parts = [
    ...groups.map((group) => groupText(group, colours)),
    ...streams.map((batch) => streamText(batch, colours)),
  ];
  if (foreign.length > 0) {
    const messages = foreign.map(({ failedAt, why, excerpt }) => `${time(failedAt)}  ${why}: ${excerpt}`);
    const heading = colours.heading(
      `${count(foreign.length, 'message')} that ${foreign.length === 1 ? 'is' : 'are'} no failure record`,
    );
    parts.push([`${heading}, left alone by redrive`, indent(messages.join('\n'))].join('\n'));
  }
  return parts.join('\n\n');
}

function groupText(group: FailureGroup, colours: Colours): string {
  const { functionName, condition, errorType, errorMessage, permanent, records, keys, newest, oldest } =
    group;
  const cause = [condition, errorType].filter((part) => part !== undefined).join(', ');
  const span = records === 1 ? time(newest) : `${time(oldest)} to ${time(newest)}`;
  const verdict = permanent
    ? colours.bad('Trying again cannot mend this; redrive leaves it alone unless told --include-permanent.')
    : 'Trying again may help: npm run redrive';
  const more = keys.length - KEYS_SHOWN;
  return [
    `${colours.heading(functionName)}  ${cause}  ${count(records, 'record')}  ${colours.quiet(span)}`,
    indent(
      [
        ...(errorMessage === undefined ? [] : [printable(inPart(errorMessage))]),
        verdict,
        ...keys.slice(0, KEYS_SHOWN).map((key) => `  ${printable(key)}`),
        ...(more > 0 ? [colours.quiet(`  and ${more} more (--json shows all)`)] : []),
      ].join('\n'),
    ),
  ].join('\n');
}

/** Lambda tells where the records are, and never what they are, or what was wrong with them. */
function streamText({ functionName, place, failedAt }: StreamBatch, colours: Colours): string {
  const { records, streamArn, shardId, first, last, condition = '', arrivedAt } = place;
  return [
    `${colours.heading(functionName)}  ${condition}  ${count(records, 'record')} of a stream  ${colours.quiet(time(failedAt))}`,
    indent(
      [
        `${streamArn}, ${shardId}`,
        `  ${first} to ${last}`,
        `${arrivedAt === undefined ? 'They' : `The first arrived ${time(arrivedAt)}; they`} are there until they expire: npm run redrive`,
      ].join('\n'),
    ),
  ].join('\n');
}

/** The beginning and the end of a long text: what failed, and what to do. */
const inPart = (text: string): string =>
  text.length <= 500 ? text : `${text.slice(0, 240)} … ${text.slice(-240)}`;

/** UTC, to the second. */
export const time = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace('T', ' ').slice(0, 19);

/** A key may hold what would break the line, or the terminal. */
export const printable = (text: string): string =>
  text.replace(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));

export const count = (number: number, what: string): string =>
  `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`;
