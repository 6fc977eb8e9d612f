import { PermanentError } from '../process-upload/errors';
import { destinationOf, pairOf, type Prefixes } from '../process-upload/prefixes';
import { readRecords } from '../process-upload/records';
import { uploadEvent, type ListedObject } from '../shared/upload-event';
import type { Verdict } from './sweep';

/**
 * What the mover would make of an object, by the mover's own code: what it ignores is not resubmitted to it, and what
 * it can only refuse would do nothing but add a record to the failure queue at every sweep.
 */
export function judge(bucket: string, object: ListedObject, prefixes: Prefixes): Verdict {
  const [record] = readRecords(uploadEvent(bucket, object), prefixes);
  if (record?.kind !== 'upload' || pairOf(record.key, prefixes) === undefined) return 'ignore';
  try {
    destinationOf(record.key, prefixes);
    return 'resubmit';
  } catch (error) {
    if (error instanceof PermanentError) return 'unmovable';
    throw error;
  }
}
