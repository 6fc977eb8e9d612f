import type { TerraformStack } from 'cdktf';
import { UploadBucket } from '../constructs/uploads/upload-bucket';
import { addOutput, type Shared } from './shared';

/** The bucket, and how to upload to it. */
export function addUploads(stack: TerraformStack, { settings, encryptionKey }: Shared): UploadBucket {
  const { prefixes, formerPrefixes, namePrefix } = settings;
  const uploads = new UploadBucket(stack, 'uploads', {
    ...settings.bucket,
    namePrefix: `${namePrefix}-uploads-`,
    encryptionKey,
  });
  const { bucket } = uploads.bucket;
  addOutput(stack, 'upload_bucket', bucket, 'The bucket to upload to');
  addOutput(stack, 'upload_prefix', prefixes.upload, 'Keys under this prefix are processed');
  addOutput(stack, 'processed_prefix', prefixes.processed, 'Processed objects are moved here');
  addOutput(
    stack,
    'former_prefixes',
    JSON.stringify(formerPrefixes),
    'Pairs of prefixes that are served as well',
  );
  addOutput(
    stack,
    'upload_command',
    `aws s3 cp FILE s3://${bucket}/${prefixes.upload}`,
    'How to upload a file',
  );
  return uploads;
}
