import { s3Event } from '../../events';
import { awsRecord, givenUpBy, streamRecord } from '../../failure-records';

export type RecordKind = 'event' | 'job' | 'batch' | 'permanent' | 'foreign';

/** A record of the failure queue. */
export interface QueueRecord {
  readonly name: string;
  readonly body: string;
  readonly sourceQueueArn?: string;
  /** What is sent of it; undefined: nothing may be, and it stays. */
  readonly event?: string;
}

/** The event that is read from the stream again. */
export const eventOfBatch = (first: string): string => `{"Records":["${first}"]}`;

/** The records of a small failure queue, no two of which are about the same event. */
export const recordsOf = (kinds: readonly RecordKind[]): readonly QueueRecord[] =>
  kinds.map((kind, i) => {
    const name = `${kind} ${i + 1}`;
    const payload = s3Event({ key: `uploads/${i}`, etag: 'e', size: 1 });
    switch (kind) {
      case 'event':
        return { name, body: JSON.stringify(awsRecord({ payload })), event: JSON.stringify(payload) };
      case 'permanent':
        return { name, body: JSON.stringify(awsRecord({ payload, errorType: 'PermanentError' })) };
      case 'job':
        return { name, body: name, event: name, ...givenUpBy('acme-jobs') };
      case 'batch': {
        const first = String(i);
        return {
          name,
          body: JSON.stringify(streamRecord({ first, last: first })),
          event: eventOfBatch(first),
        };
      }
      case 'foreign':
        return { name, body: name };
    }
  });

/** Every choice of one record or more, up to a number. */
export function portions(records: readonly number[], most: number): number[][] {
  const choices = records.reduce<number[][]>(
    (all, record) => [...all, ...all.map((choice) => [...choice, record])],
    [[]],
  );
  return choices.filter(({ length }) => length > 0 && length <= most);
}
