import { TerraformOutput, type TerraformStack } from 'cdktf';
import type { FailureQueue } from '../constructs/failure-queue';
import type { NodeFunction } from '../constructs/node-function';
import type { UploadBucket } from '../constructs/upload-bucket';

interface Parts {
  readonly uploads: UploadBucket;
  readonly failures: FailureQueue;
  readonly processUpload: NodeFunction;
}

/** What people and tools need to know of a deployed stack. The names are a contract: tools read them. */
export function describeOutputs(stack: TerraformStack, { uploads, failures, processUpload }: Parts): void {
  const { upload, processed } = uploads.prefixes;
  const bucket = uploads.bucket.bucket;
  const output = (name: string, value: string, description: string): void => {
    new TerraformOutput(stack, name, { value, description });
  };
  output('upload_bucket', bucket, 'The bucket to upload to');
  output('upload_prefix', upload, 'Keys under this prefix are processed');
  output('processed_prefix', processed, 'Processed objects are moved here');
  output('failure_queue_url', failures.queue.url, 'Records of uploads that failed for good');
  output('process_upload_function', processUpload.function.functionName, 'The function that moves uploads');
  output('upload_command', `aws s3 cp FILE s3://${bucket}/${upload}`, 'How to upload a file');
}
