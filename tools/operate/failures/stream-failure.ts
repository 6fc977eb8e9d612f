/**
 * What Lambda tells of stream records that it gave up: where they are, never what they are.
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
  readonly functionArn: string;
  /** e.g. `RetryAttemptsExhausted`, `RecordAgeExceeded`. */
  readonly condition: string | undefined;
  /** When the first of them arrived in the stream, in milliseconds since 1970: its retention counts from there. */
  readonly arrivedAt: number | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/** The member of the record that names the place, by service. */
const PLACES = { kinesis: 'KinesisBatchInfo', dynamodb: 'DDBStreamBatchInfo' } as const;

/**
 * @param body of a message in the failure queue
 * @returns undefined where it tells of no stream
 */
export function readStreamFailure(body: string): StreamFailure | undefined {
  const record = parse(body);
  const source = (['kinesis', 'dynamodb'] as const).find((name) => record[PLACES[name]] !== undefined);
  if (source === undefined) return undefined;
  const place = fields(record[PLACES[source]]);
  const context = fields(record.requestContext);
  const streamArn = text(place.streamArn);
  const shardId = text(place.shardId);
  const first = text(place.startSequenceNumber);
  if (streamArn === undefined || shardId === undefined || first === undefined) return undefined;
  const arrived = Date.parse(text(place.approximateArrivalOfFirstRecord) ?? '');
  return {
    source,
    streamArn,
    shardId,
    first,
    last: text(place.endSequenceNumber) ?? first,
    records: typeof place.batchSize === 'number' ? place.batchSize : 1,
    functionArn: text(context.functionArn) ?? '',
    condition: text(context.condition),
    arrivedAt: Number.isNaN(arrived) ? undefined : arrived,
  };
}

function parse(body: string): Fields {
  try {
    return fields(JSON.parse(body));
  } catch {
    return {};
  }
}

const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
