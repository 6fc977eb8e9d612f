import { setTimeout as sleep } from 'node:timers/promises';
import { HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { failureQueues, type Target } from '../../lib/target';
import { readAll, total } from '../failures/queue';
import { readMessage } from '../failures/record';
import { sqsQueue } from '../failures/sqs-queue';
import type { OutcomePorts } from './outcome';

/** How long a record is hidden from others while it is looked at, in seconds. */
const HOLD_SECONDS = 30;

export interface OutcomePortsProps {
  readonly s3: Pick<S3Client, 'send'>;
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly target: Target;
  /** When the redrive began, in milliseconds since 1970. */
  readonly began: number;
  readonly signal: AbortSignal;
}

/** S3 and SQS, as far as they tell what came of uploads. */
export function outcomePorts({ s3, sqs, target, began, signal }: OutcomePortsProps): OutcomePorts {
  const queues = failureQueues(target).map((url) =>
    sqsQueue({ client: sqs, url, holdSeconds: HOLD_SECONDS }),
  );
  return {
    exists: async (Key) => {
      try {
        await s3.send(new HeadObjectCommand({ Bucket: target.uploadBucket, Key }));
        return true;
      } catch (error) {
        if (error instanceof Error && error.name === 'NotFound') return false;
        throw error;
      }
    },
    countFailures: async () => {
      const counts = await Promise.all(queues.map((queue) => queue.count()));
      return counts.reduce((sum, each) => sum + total(each), 0);
    },
    newFailures: async () => {
      const contents = await Promise.all(queues.map((queue) => readAll({ queue, signal })));
      const failures = contents
        .flatMap(({ messages }) => messages)
        .filter(({ sentAt }) => sentAt >= began)
        .map((message) => readMessage(message, target.processUploadFunction))
        .filter((failure) => failure.kind === 'failure');
      return new Map(
        failures.flatMap(({ keys, condition = '', errorType, errorMessage }) =>
          keys.map(
            (key) =>
              [key, errorType === undefined ? condition : `${errorType}: ${errorMessage ?? ''}`] as const,
          ),
        ),
      );
    },
    sleep: (milliseconds) => sleep(milliseconds, undefined, { signal }).catch(() => undefined),
    now: Date.now,
    signal,
  };
}
