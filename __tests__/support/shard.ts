import {
  GetRecordsCommand as GetTableRecords,
  GetShardIteratorCommand as GetTableIterator,
  DynamoDBStreamsClient,
  TrimmedDataAccessException,
  type _Record as TableRecord,
  type GetShardIteratorCommandInput as TableIteratorInput,
} from '@aws-sdk/client-dynamodb-streams';
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  type GetShardIteratorCommandInput,
} from '@aws-sdk/client-kinesis';
import { mockClient } from 'aws-sdk-client-mock';

/** Records of one shard, oldest first; `trim` forgets as a stream does whose retention is over. */
export class Shard<Entry extends { readonly sequenceNumber: string }> {
  /** Answered a page. */
  pageSize = 2;
  /** Whether it has been split or merged: its end is then the end. */
  closed = false;
  /** Answered between two pages with records. */
  emptyPages = 0;
  private trimmed = 0;

  constructor(readonly entries: readonly Entry[]) {}

  /** Forgets the oldest. */
  trim(count: number): void {
    this.trimmed = count;
  }

  at(sequenceNumber: string): number {
    const index = this.entries.findIndex((entry) => BigInt(entry.sequenceNumber) >= BigInt(sequenceNumber));
    return index < 0 ? this.entries.length : index;
  }

  get horizon(): number {
    return this.trimmed;
  }

  /** `POSITION`, or `POSITION/EMPTY` for as many empty pages to come. */
  page(iterator: string): { entries: readonly Entry[]; next: string | undefined } {
    const [position = 0, empty = 0] = iterator.split('/').map(Number);
    if (empty > 0) return { entries: [], next: `${position}/${empty - 1}` };
    const entries = this.entries.slice(position, position + this.pageSize);
    const end = position + entries.length;
    return {
      entries,
      next: this.closed && end === this.entries.length ? undefined : `${end}/${this.emptyPages}`,
    };
  }
}

export interface KinesisEntry {
  readonly sequenceNumber: string;
  readonly data: string;
}

/** A Kinesis shard as AWS answers for it: an iterator at what has expired begins with the oldest there is. */
export function kinesisShard(entries: readonly KinesisEntry[]) {
  const shard = new Shard(entries);
  const client = mockClient(KinesisClient);
  client.on(GetShardIteratorCommand).callsFake((input: GetShardIteratorCommandInput) => {
    const { ShardIteratorType: type, StartingSequenceNumber: from = '0' } = input;
    const position = type === 'TRIM_HORIZON' ? shard.horizon : Math.max(shard.horizon, shard.at(from));
    return { ShardIterator: String(position) };
  });
  client.on(GetRecordsCommand).callsFake(({ ShardIterator = '' }: { ShardIterator?: string }) => {
    const { entries: found, next } = shard.page(ShardIterator);
    return {
      Records: found.map(({ sequenceNumber, data }) => ({
        SequenceNumber: sequenceNumber,
        PartitionKey: 'p',
        Data: new Uint8Array(Buffer.from(data)),
        ApproximateArrivalTimestamp: new Date('2026-01-01T00:00:00.987Z'),
      })),
      NextShardIterator: next,
      MillisBehindLatest: 0,
    };
  });
  return { shard, client };
}

export interface TableEntry {
  readonly sequenceNumber: string;
  readonly record: TableRecord;
}

/** A shard of a table's stream as AWS answers for it: it refuses an iterator at what has expired. */
export function tableShard(entries: readonly TableEntry[]) {
  const shard = new Shard(entries);
  const client = mockClient(DynamoDBStreamsClient);
  client.on(GetTableIterator).callsFake((input: TableIteratorInput) => {
    const { ShardIteratorType: type, SequenceNumber: from = '0' } = input;
    if (type === 'TRIM_HORIZON') return { ShardIterator: String(shard.horizon) };
    if (shard.at(from) < shard.horizon) {
      throw new TrimmedDataAccessException({ message: 'trimmed', $metadata: {} });
    }
    return { ShardIterator: String(shard.at(from)) };
  });
  client.on(GetTableRecords).callsFake(({ ShardIterator = '' }: { ShardIterator?: string }) => {
    const { entries: found, next } = shard.page(ShardIterator);
    return { Records: found.map(({ record }) => record), NextShardIterator: next };
  });
  return { shard, client };
}
