import { readRecords } from '../../../handlers/process-upload/records';

/** By which way an upload's event came, before it was given up without a record of Lambda's. */
export type Way = 'queue' | 'eventbridge' | 'topic';

/** An upload's event that Lambda has told nothing of: the way to the function gave it up, and left the event itself. */
export interface UndeliveredUpload {
  readonly way: Way;
  /** Keys of the uploads that the event is about, as they are in the bucket. */
  readonly keys: readonly string[];
  /** The event: process-upload takes it as it is, whichever way it came. */
  readonly event: unknown;
}

/** Takes every key: which are uploads is for the function to say. */
const EVERY_KEY = { uploadPrefix: '', processedPrefix: '\uffff' };

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads what the ways to process-upload leave in the failure queue where Lambda's failure destination does not: a
 * message that the upload queue gave up, an event that EventBridge could not hand to Lambda, or a notification that SNS
 * could not.
 * @param body of a message in the failure queue
 * @returns undefined where it is none of these
 */
export function readUndelivered(body: string): UndeliveredUpload | undefined {
  const event = parse(body);
  const way = wayOf(event);
  if (way === undefined) return undefined;
  const records = readRecords(event, EVERY_KEY);
  // What the function itself cannot make sense of is nothing to send again.
  if (records.some(({ kind }) => kind === 'unreadable')) return undefined;
  return { way, keys: keysIn(event), event };
}

/** The keys in an upload's event, whichever way it came, each as it is in the bucket; none in another kind of event. */
export const keysIn = (event: unknown): string[] =>
  readRecords(event, EVERY_KEY)
    .map(({ key }) => key)
    .filter((key) => key !== '');

function wayOf(event: Fields): Way | undefined {
  if (event['detail-type'] !== undefined) return 'eventbridge';
  if (event.Type === 'Notification') return 'topic';
  return Array.isArray(event.Records) || event.Event !== undefined ? 'queue' : undefined;
}

function parse(body: string): Fields {
  try {
    const event: unknown = JSON.parse(body);
    return typeof event === 'object' && event !== null ? (event as Fields) : {};
  } catch {
    return {};
  }
}
