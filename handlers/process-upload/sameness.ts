import type { ObjectInfo, Version } from './object-store';

/**
 * Whether two objects hold the same bytes, as far as S3 tells. A copy may have another ETag than its source
 * (multipart, KMS), so different ETags prove nothing, but a checksum that both carry does.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */
export function sameContent(one: Version | ObjectInfo, other: ObjectInfo): 'same' | 'different' | 'unknown' {
  if (one.size !== other.size) return 'different';
  if (one.etag === other.etag) return 'same';
  if (!('checksums' in one)) return 'unknown';
  for (const [algorithm, checksum] of Object.entries(one.checksums)) {
    const compared = other.checksums[algorithm];
    if (compared !== undefined) return compared === checksum ? 'same' : 'different';
  }
  return 'unknown';
}
