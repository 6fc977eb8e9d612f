import { readRecords } from '../../../handlers/process-upload/records';

/** Takes every key: which are uploads is for the function to say. */
const EVERY_KEY = { uploadPrefix: '', processedPrefix: '\uffff' };

/** The keys in an upload's event, by any way, each as it is in the bucket; none in another kind of event. */
export const keysIn = (event: unknown): string[] =>
  readRecords(event, EVERY_KEY)
    .map(({ key }) => key)
    .filter((key) => key !== '');

/** Whether process-upload can read everything in an event. */
export const isUploadEvent = (event: unknown): boolean =>
  readRecords(event, EVERY_KEY).every(({ kind }) => kind !== 'unreadable');
