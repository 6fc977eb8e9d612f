import type { ObjectInfo, Version } from './object-store';

/**
 * Whether two objects hold the same bytes, as far as S3 tells. The strongest evidence that both carry decides: the
 * ETag, then a digest, then two ETags that are MD5s, and last a CRC, which anyone can forge and which agrees by chance
 * once in 2^32. docs/adr/0002-level-triggered-move.md says what that leaves.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 * @param one a version of which only the event is known has neither checksums nor a known kind of ETag
 */
export function sameContent(one: Version | ObjectInfo, other: ObjectInfo): 'same' | 'different' | 'unknown' {
  if (one.size !== other.size) return 'different';
  if (one.etag === other.etag) return 'same';
  if (!('checksums' in one)) return 'unknown';
  const byDigest = compare(one, other, isDigest);
  if (byDigest !== undefined) return byDigest;
  if (one.etagIsMd5 && other.etagIsMd5) return 'different';
  return compare(one, other, (algorithm) => !isDigest(algorithm)) ?? 'unknown';
}

const isDigest = (algorithm: string): boolean => /SHA|MD5/.test(algorithm);

/** By the first algorithm that both objects have a checksum of; undefined: there is none. */
function compare(
  one: ObjectInfo,
  other: ObjectInfo,
  counts: (algorithm: string) => boolean,
): 'same' | 'different' | undefined {
  for (const [algorithm, checksum] of Object.entries(one.checksums)) {
    const compared = other.checksums[algorithm];
    if (counts(algorithm) && compared !== undefined) return compared === checksum ? 'same' : 'different';
  }
  return undefined;
}
