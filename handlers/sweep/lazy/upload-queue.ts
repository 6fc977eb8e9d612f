import { SQSClient } from '@aws-sdk/client-sqs';
import { clientConfig, type Variables } from '../../shared/client-config';
import type { ListedObject } from '../../shared/upload-event';
import { resubmitToQueue } from '../resubmit-to-queue';

type Resubmit = (bucket: string, object: ListedObject, abortSignal: AbortSignal) => Promise<void>;

/** Resubmits uploads to a queue. A file of its own: SQS's client is loaded only where uploads come by a queue. */
export function uploadQueue(queueUrl: string, env: Variables): Resubmit {
  const client = new SQSClient({
    ...clientConfig(env, 'SQS'),
    maxAttempts: 5, // a message too many does no harm
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
  });
  return (bucket, object, abortSignal) => resubmitToQueue(client, queueUrl, bucket, object, abortSignal);
}
