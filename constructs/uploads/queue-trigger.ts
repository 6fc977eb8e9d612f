import type { Grantee } from '../base/grantee';
import type { NodeFunction } from '../function/node-function';
import type { PrefixPair } from './prefix-pair';
import {
  uploadFilters,
  uploadSource,
  type UploadNotification,
  type UploadTrigger,
  type WatchedBucket,
} from './upload-trigger';
import { WorkQueue } from '../sources/work-queue';

/** S3 -> SQS -> function: a burst waits in the queue, and the queue counts the attempts. */
export class QueueTrigger extends WorkQueue implements UploadTrigger {
  bind(uploads: WatchedBucket, handler: NodeFunction, pairs: readonly PrefixPair[]): UploadNotification {
    this.acceptFrom('AcceptUploads', uploadSource(uploads));
    this.onMessages(handler);
    return {
      target: { queue: uploadFilters(pairs).map((filter) => ({ queueArn: this.queue.arn, ...filter })) },
      dependsOn: [],
    };
  }

  /** Around the queue, resubmitted uploads would be more than the function is meant to take at a time. */
  grantResubmit(grantee: Grantee): void {
    this.grantSend(grantee);
    grantee.addEnvironment?.('UPLOAD_QUEUE_URL', this.queue.url);
  }
}
