import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { Trace } from '../../logs/trace';
import type { StreamFailure } from './stream-failure';

/** What failed at an event, and gets it back. */
export interface Source {
  readonly kind: 'function' | 'queue';
  /** The ARN, or a function's bare name; with a qualifier where the function was invoked with one. */
  readonly arn: string;
  /** The name alone. */
  readonly name: string;
}

/** An event that was given up. */
export interface FailureRecord {
  readonly kind: 'failure';
  readonly source: Source;
  /**
   * Lambda's word, such as `RetriesExhausted` or `EventAgeExceeded`; or `GivenUpBy` Queue, Scheduler, EventBridge or
   * Topic; undefined where the record does not say.
   */
  readonly condition: string | undefined;
  /** Class and message of the error that the function threw; undefined where it never ran. */
  readonly errorType: string | undefined;
  readonly errorMessage: string | undefined;
  /** The stack of that error; undefined where the record does not hold it. */
  readonly trace?: Trace | undefined;
  /** The version of the function that failed last, where it has versions. */
  readonly version?: string | undefined;
  /** Whether the function itself says that another attempt cannot help. */
  readonly permanent: boolean;
  /** Keys of the uploads that the event is about. */
  readonly keys: readonly string[];
  /** The event, to send again unchanged. */
  readonly payload: string;
  /** What a queue's message had beside its body. */
  readonly attributes?: Readonly<Record<string, MessageAttributeValue>> | undefined;
  /** Of a FIFO queue's message: its group, and an id that is another one for every time that it is given up. */
  readonly fifo?: { readonly groupId: string; readonly deduplicationId: string } | undefined;
  /** When it failed, in milliseconds since 1970. */
  readonly failedAt: number;
}

/** Records of a stream that Lambda gave up: they are in the stream, until they expire. */
export interface StreamBatch {
  readonly kind: 'stream';
  readonly source: Source;
  /** Where they are. */
  readonly place: StreamFailure;
  readonly failedAt: number;
}

/** A message with no way back: someone else's, or a kind that is not known here. */
export interface ForeignMessage {
  readonly kind: 'foreign';
  /** Why it has none. */
  readonly why: string;
  /** The beginning of the message. */
  readonly excerpt: string;
  readonly failedAt: number;
}

export type Failure = FailureRecord | StreamBatch | ForeignMessage;

/** A message that cannot be sent back. */
export interface NoWayBack {
  readonly noWayBack: string;
}

/** `arn:aws:lambda:eu-west-1:123456789012:function:NAME:QUALIFIER`, or `NAME:QUALIFIER`; the qualifier may be missing. */
export function functionSource(arn: string): Source {
  const parts = arn.split(':');
  return { kind: 'function', arn, name: (parts[0] === 'arn' ? parts[6] : parts[0]) ?? arn };
}
