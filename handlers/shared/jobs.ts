import { failedItems, type BatchResponse } from './batch-response';
import { fields, text, type Fields } from './fields';
import { mapConcurrent } from './map-concurrent';

/** The most jobs of one batch that run at a time, if their order does not matter. */
const LANES_AT_ONCE = 32;

/** One job of a batch from a queue or a stream. */
export interface Job {
  /** The ID that the batch response gives to the poller. */
  readonly id: string;
  /** Unique across all sources, and the same at every delivery of this job. */
  readonly identity: string;
  /** Jobs of one lane (a message group, a shard) run in order. Each job of a standard queue has its own lane. */
  readonly lane: string;
  /**
   * What to do, as the function would get it if it were invoked with it.
   * @throws {SyntaxError} where it is not JSON
   */
  readonly event: () => unknown;
}

/** How each source wraps a job; undefined if a record holds none. A Map, because an event may name `constructor`. */
const SOURCES: ReadonlyMap<string, (record: Fields) => Job | undefined> = new Map([
  ['aws:sqs', sqsJob],
  ['aws:kinesis', kinesisJob],
  ['aws:dynamodb', dynamoDbJob],
]);

/**
 * The jobs of a batch from a queue or a stream.
 * @returns undefined if the event is not a batch; the event is then the job
 */
export function readJobs(event: unknown): Job[] | undefined {
  const { Records: records } = fields(event);
  if (!Array.isArray(records) || records.length === 0) return undefined;
  const all: unknown[] = records;
  const read = all.map((record) => SOURCES.get(text(fields(record).eventSource)));
  if (read.includes(undefined)) return undefined;
  return all.flatMap((record, index) => read[index]?.(fields(record)) ?? []);
}

/**
 * Runs the jobs, lanes concurrently. A failure stops its lane: the rest of the lane is retried with the failed job, so
 * that the order holds. Other lanes continue.
 */
export async function workOff(
  jobs: readonly Job[],
  work: (job: Job) => Promise<unknown>,
): Promise<BatchResponse> {
  const lanes = new Map<string, Job[]>();
  for (const job of jobs) lanes.set(job.lane, [...(lanes.get(job.lane) ?? []), job]);
  const undone = await mapConcurrent([...lanes.values()], LANES_AT_ONCE, async (lane) => {
    for (const [index, job] of lane.entries()) {
      try {
        await work(job);
      } catch {
        return lane.slice(index);
      }
    }
    return [];
  });
  return failedItems(undone.flat().map(({ id }) => id));
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
function sqsJob(record: Fields): Job {
  const id = text(record.messageId);
  // Messages of a standard queue may have a group too; it does not order them.
  const fifo = text(record.eventSourceARN).endsWith('.fifo');
  const group = text(fields(record.attributes).MessageGroupId);
  return {
    id,
    identity: identityOf(record, id),
    lane: fifo ? `group ${group}` : `message ${id}`,
    event: () => parse(text(record.body)),
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html */
function kinesisJob(record: Fields): Job {
  const { sequenceNumber, data } = fields(record.kinesis);
  const json = (): string => Buffer.from(text(data), 'base64').toString();
  return {
    id: text(sequenceNumber),
    // Shard and sequence number: a sequence number is unique only within its shard.
    identity: identityOf(record, text(record.eventID)),
    lane: 'shard',
    event: () => parse(json()),
  };
}

/**
 * A new or changed item is a job; a deleted item is not. Some stream view types leave out the item.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_StreamSpecification.html
 */
function dynamoDbJob(record: Fields): Job | undefined {
  if (record.eventName === 'REMOVE') return undefined;
  const { SequenceNumber, NewImage: item } = fields(record.dynamodb);
  const id = text(SequenceNumber);
  return {
    id,
    identity: identityOf(record, text(record.eventID)),
    lane: 'shard',
    event: () => {
      if (item !== undefined) return plain({ M: item });
      throw new Error(
        `The record ${id} of ${text(record.eventSourceARN)} has no NewImage: set the StreamViewType of the table to NEW_IMAGE or NEW_AND_OLD_IMAGES.`,
      );
    },
  };
}

const identityOf = ({ eventSourceARN }: Fields, id: string): string => `${text(eventSourceARN)} ${id}`;

/** An attribute value as JSON has it. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html */
function plain(value: unknown): unknown {
  const [[type, content] = []] = Object.entries(fields(value));
  switch (type) {
    case 'M':
      return Object.fromEntries(Object.entries(fields(content)).map(([name, each]) => [name, plain(each)]));
    case 'L':
      return Array.isArray(content) ? content.map(plain) : [];
    case 'N':
      return number(content);
    case 'NS':
      return Array.isArray(content) ? content.map(number) : [];
    case 'NULL':
      return null;
    default:
      return content;
  }
}

/** DynamoDB keeps 38 digits, JavaScript about 16: a number that would lose digits stays a string. */
function number(content: unknown): unknown {
  const digits = (value: unknown): string =>
    String(value)
      .replace(/e.*$/iu, '')
      .replace(/[-+.]/gu, '')
      .replace(/^0+|0+$/gu, '');
  return digits(Number(content)) === digits(content) ? Number(content) : content;
}

const parse = (json: string): unknown => JSON.parse(json);
