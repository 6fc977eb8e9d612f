import type { S3BucketLifecycleConfigurationRule } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { requireInteger } from '../base/validate';

/** What S3 deletes by itself, after so many days. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html */
export interface LifecycleProps {
  /** Parts of an upload that was never completed, in days; null: never. @default 7 */
  readonly abortIncompleteMultipartDays?: number | null;
  /** Older versions, in days after they were replaced or deleted; null: never. @default 90 */
  readonly noncurrentVersionDays?: number | null;
  /** Processed objects, in days after they were moved; null: never. @default null */
  readonly processedExpirationDays?: number | null;
}

/** The rules for what is not null, in a fixed order; none where all is null. */
export function lifecycleRules(
  props: LifecycleProps,
  processedPrefixes: readonly string[],
): S3BucketLifecycleConfigurationRule[] {
  const {
    abortIncompleteMultipartDays = 7,
    noncurrentVersionDays = 90,
    processedExpirationDays = null,
  } = props;
  const everywhere = [{ prefix: '' }];
  const rules: S3BucketLifecycleConfigurationRule[] = [];
  if (abortIncompleteMultipartDays !== null) {
    requireDays('abortIncompleteMultipartDays', abortIncompleteMultipartDays);
    rules.push({
      id: 'abort-incomplete-multipart-uploads',
      status: 'Enabled',
      filter: everywhere,
      abortIncompleteMultipartUpload: [{ daysAfterInitiation: abortIncompleteMultipartDays }],
    });
  }
  if (noncurrentVersionDays !== null) {
    requireDays('noncurrentVersionDays', noncurrentVersionDays);
    rules.push({
      id: 'expire-older-versions',
      status: 'Enabled',
      filter: everywhere,
      noncurrentVersionExpiration: [{ noncurrentDays: noncurrentVersionDays }],
      // A moved upload leaves a delete marker; once its versions are gone, so is the marker.
      expiration: [{ expiredObjectDeleteMarker: true }],
    });
  }
  if (processedExpirationDays !== null) {
    requireDays('processedExpirationDays', processedExpirationDays);
    processedPrefixes.forEach((prefix, index) => {
      rules.push({
        id: index === 0 ? 'expire-processed-objects' : `expire-processed-objects-${index + 1}`,
        status: 'Enabled',
        filter: [{ prefix }],
        expiration: [{ days: processedExpirationDays }],
      });
    });
  }
  return rules;
}

const requireDays = (property: string, days: number): void => {
  requireInteger(days, { property: `OwnBucket.${property}`, minimum: 1, hint: 'or null for never' });
};
