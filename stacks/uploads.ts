import type { TerraformStack } from 'cdktf';
import { policyDocument } from '../constructs/base/policy';
import { ExistingBucket } from '../constructs/uploads/existing-bucket';
import { OwnBucket } from '../constructs/uploads/own-bucket';
import type { UploadBucket } from '../constructs/uploads/upload-bucket';
import { addOnProcessed } from './processed';
import { addOutput, type Shared } from './shared';

/** The bucket, how to upload to it, and who hears of what is processed. */
export function addUploads(stack: TerraformStack, shared: Shared): UploadBucket {
  const { prefixes, formerPrefixes } = shared.settings;
  const uploads = addBucket(stack, shared);
  const { bucketName } = uploads;
  addOutput(stack, 'upload_bucket', bucketName, 'The bucket to upload to');
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
    `aws s3 cp FILE s3://${bucketName}/${prefixes.upload}`,
    'How to upload a file',
  );
  addOnProcessed(stack, shared, uploads);
  return uploads;
}

/** A bucket of the stack's own, or one that exists already: docs/adopting.md. */
function addBucket(stack: TerraformStack, { settings, encryptionKey }: Shared): UploadBucket {
  const { existing, ...own } = settings.bucket;
  if (existing) {
    const uploads = new ExistingBucket(stack, 'uploads', existing);
    addOutput(
      stack,
      'bucket_owner',
      'another',
      'The bucket existed before: a destroy leaves it, and others keep things in it',
    );
    if (existing.kmsKeyArn !== undefined) {
      const statement = policyDocument([uploads.keyStatement(settings.namePrefix)]);
      addOutput(stack, 'bucket_key_policy', statement, 'What the policy of the bucket’s key may need');
    }
    return uploads;
  }
  return new OwnBucket(stack, 'uploads', {
    ...own,
    namePrefix: `${settings.namePrefix}-uploads-`,
    encryptionKey,
  });
}
