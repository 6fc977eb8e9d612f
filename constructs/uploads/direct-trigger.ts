import { permitInvoke } from '../function/invoke-permission';
import type { NodeFunction } from '../function/node-function';
import type { UploadBucket } from './upload-bucket';
import { uploadFilter, uploadSource, type UploadNotification, type UploadTrigger } from './upload-trigger';

/** S3 -> function, asynchronously: nothing lies between that could fail or cost. */
export class DirectTrigger implements UploadTrigger {
  bind(uploads: UploadBucket, handler: NodeFunction): UploadNotification {
    return {
      target: { lambdaFunction: [{ lambdaFunctionArn: handler.arn, ...uploadFilter(uploads) }] },
      // In the bucket's own scope: its address is older than the other triggers.
      dependsOn: permitInvoke(uploads, handler, 'AllowExecutionFromS3', uploadSource(uploads)),
    };
  }
}
