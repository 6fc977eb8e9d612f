import type { Pace } from '../../../handlers/shared/pace';
import type { StreamFailure } from '../failures/stream-failure';

/** A record as Lambda's poller hands it to a function. */
export type LambdaRecord = Readonly<Record<string, unknown>>;

export interface ShardRecord {
  readonly sequenceNumber: string;
  readonly record: LambdaRecord;
}

export interface ShardPage {
  readonly records: readonly ShardRecord[];
  /** Where the next page begins; undefined where the shard ends. */
  readonly next: string | undefined;
}

/** What reading a stream needs of it. */
export interface Stream {
  /**
   * Where to begin at a sequence number.
   * @returns undefined where the stream says that it has expired; not every stream does
   */
  readonly begin: (place: StreamFailure) => Promise<string | undefined>;
  /** Where to begin at the oldest record. */
  readonly oldest: (place: StreamFailure) => Promise<string | undefined>;
  readonly read: (iterator: string, place: StreamFailure) => Promise<ShardPage>;
}

/** The part of a batch that the stream still has. */
export interface Found {
  /** In order; where a shard has several batches at a time, with the other batches' records between first and last. */
  readonly records: readonly LambdaRecord[];
  /** The batch's first record is gone, and perhaps others. */
  readonly expired: boolean;
}

/**
 * A shard may answer pages without records, and an open one never ends. The batch's last record was in it once: so many
 * empty pages in a row mean that it is gone.
 */
const EMPTY_PAGES = 50;

/**
 * Reads the records of a failed batch from its stream again.
 * @param pace before each page: a shard allows 5 reads a second, and Lambda's poller shares them
 * @throws the stream's refusal
 */
export async function readAgain(stream: Stream, place: StreamFailure, pace: Pace): Promise<Found> {
  const first = BigInt(place.first);
  const last = BigInt(place.last);
  const found: ShardRecord[] = [];
  let at = (await stream.begin(place)) ?? (await stream.oldest(place));
  let empty = 0;
  while (at !== undefined && empty < EMPTY_PAGES) {
    await pace();
    const { records, next }: ShardPage = await stream.read(at, place);
    found.push(...records.filter((record) => within(record, first, last)));
    if (records.some(({ sequenceNumber }) => BigInt(sequenceNumber) >= last)) break;
    empty = records.length === 0 ? empty + 1 : 0;
    at = next;
  }
  return {
    records: found.map(({ record }) => record),
    expired: !found.some(({ sequenceNumber }) => BigInt(sequenceNumber) === first),
  };
}

const within = ({ sequenceNumber }: ShardRecord, first: bigint, last: bigint): boolean => {
  const number = BigInt(sequenceNumber);
  return number >= first && number <= last;
};

/** The largest event that Lambda accepts synchronously, in bytes. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const MOST_BATCH_BYTES = 6_291_456;

const WRAPPING_BYTES = Buffer.byteLength(JSON.stringify({ Records: [] }));

/**
 * The records as events for a function: as few as their size allows, in order.
 * @param most bytes of an event; a single record that is larger makes one of its own
 */
export function asEvents(records: readonly LambdaRecord[], most = MOST_BATCH_BYTES): string[] {
  const batches: string[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const record of records) {
    const json = JSON.stringify(record);
    const own = Buffer.byteLength(json) + 1; // a comma
    if (bytes + own > most) {
      batches.push([]);
      bytes = WRAPPING_BYTES;
    }
    batches.at(-1)?.push(json);
    bytes += own;
  }
  return batches.map((batch) => `{"Records":[${batch.join(',')}]}`);
}
