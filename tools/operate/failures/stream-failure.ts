import { fields, type Fields } from '../../../handlers/shared/fields';
import { filled } from './filled';

/**
 * What Lambda writes about stream records that it gave up: where they are, never what is in them.
 * https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
export interface StreamFailure {
  readonly source: 'kinesis' | 'dynamodb';
  readonly streamArn: string;
  readonly shardId: string;
  /** Sequence numbers of the first and the last record. */
  readonly first: string;
  readonly last: string;
  readonly records: number;
  /** e.g. `RetryAttemptsExhausted`, `RecordAgeExceeded`. */
  readonly condition: string | undefined;
  /** When the first of them arrived in the stream, in milliseconds since 1970: its retention counts from there. */
  readonly arrivedAt: number | undefined;
}

/** The member of the record that names the place, by service. */
const PLACES = { kinesis: 'KinesisBatchInfo', dynamodb: 'DDBStreamBatchInfo' } as const;

/**
 * @param record a record of Lambda's failure destination
 * @returns undefined where the record is about no stream
 */
export function readStreamFailure(record: Fields): StreamFailure | undefined {
  const source = (['kinesis', 'dynamodb'] as const).find((name) => record[PLACES[name]] !== undefined);
  if (source === undefined) return undefined;
  const place = fields(record[PLACES[source]]);
  const streamArn = filled(place.streamArn);
  const shardId = filled(place.shardId);
  const first = filled(place.startSequenceNumber);
  if (streamArn === undefined || shardId === undefined || first === undefined) return undefined;
  const arrived = Date.parse(filled(place.approximateArrivalOfFirstRecord) ?? '');
  return {
    source,
    streamArn,
    shardId,
    first,
    last: filled(place.endSequenceNumber) ?? first,
    records: typeof place.batchSize === 'number' ? place.batchSize : 1,
    condition: filled(fields(record.requestContext).condition),
    arrivedAt: Number.isNaN(arrived) ? undefined : arrived,
  };
}
