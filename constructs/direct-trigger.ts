import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import type { NodeFunction } from './node-function';
import type { UploadBucket } from './upload-bucket';
import { uploadFilter, uploadSource, type UploadNotification, type UploadTrigger } from './upload-trigger';

/** S3 -> function, asynchronously: nothing lies between that could fail or cost. */
export class DirectTrigger implements UploadTrigger {
  bind(uploads: UploadBucket, handler: NodeFunction): UploadNotification {
    const { service, sourceArn, sourceAccount } = uploadSource(uploads);
    // In the bucket's own scope: its address is older than the other triggers.
    const permission = new LambdaPermission(uploads, 'permission', {
      statementId: 'AllowExecutionFromS3',
      action: 'lambda:InvokeFunction',
      functionName: handler.function.functionName,
      principal: service,
      sourceArn,
      sourceAccount,
    });
    return {
      target: { lambdaFunction: [{ lambdaFunctionArn: handler.function.arn, ...uploadFilter(uploads) }] },
      dependsOn: [permission],
    };
  }
}
