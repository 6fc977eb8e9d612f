import type { Construct } from 'constructs';
import { permitInvoke } from '../function/invoke-permission';
import type { NodeFunction } from '../function/node-function';
import type { PrefixPair } from './prefix-pair';
import {
  uploadFilters,
  uploadSource,
  type UploadNotification,
  type UploadTrigger,
  type WatchedBucket,
} from './upload-trigger';

/** S3 -> function, asynchronously: nothing lies between that could fail or cost. */
export class DirectTrigger implements UploadTrigger {
  /** @param scope where the permission stands, as `permission` */
  constructor(private readonly scope: Construct) {}

  bind(uploads: WatchedBucket, handler: NodeFunction, pairs: readonly PrefixPair[]): UploadNotification {
    return {
      target: {
        lambdaFunction: uploadFilters(pairs).map((filter) => ({ lambdaFunctionArn: handler.arn, ...filter })),
      },
      dependsOn: permitInvoke(this.scope, handler, 'AllowExecutionFromS3', uploadSource(uploads)),
    };
  }
}
