import { sameContent } from '../../../handlers/process-upload/sameness';

const info = (etag: string, checksums: Record<string, string> = {}, size = 1) => ({
  etag,
  etagIsMd5: true,
  size,
  checksums,
});
const encrypted = (...object: Parameters<typeof info>) => ({ ...info(...object), etagIsMd5: false });

const CRC = { ChecksumCRC32: 'x' };
const OTHER_CRC = { ChecksumCRC32: 'y' };
const SHA = { ChecksumSHA256: 'x' };
const OTHER_SHA = { ChecksumSHA256: 'y' };

test.each([
  ['the same when ETag and size are', info('e'), info('e'), 'same'],
  ['different when the sizes are, whatever else', info('e', SHA, 1), info('e', SHA, 2), 'different'],
  ['the same when a SHA is, whatever their ETags', info('e', SHA), info('f', SHA), 'same'],
  [
    'different when a SHA is, whatever their CRC',
    info('e', { ...CRC, ...SHA }),
    info('f', { ...CRC, ...OTHER_SHA }),
    'different',
  ],
  [
    'different when both ETags are MD5s and differ: a CRC can be forged',
    info('e', CRC),
    info('f', CRC),
    'different',
  ],
  ['the same by a CRC only where an ETag is no MD5', encrypted('e', CRC), info('f', CRC), 'same'],
  ['different by a CRC', info('e', CRC), encrypted('f', OTHER_CRC), 'different'],
  [
    'unknown when their checksums are of different kinds',
    encrypted('e', CRC),
    encrypted('f', SHA),
    'unknown',
  ],
  ['unknown when only the event describes one', { etag: 'e', size: 1 }, info('f', CRC), 'unknown'],
])('two objects are %s', (_what, one, other, verdict) => {
  expect(sameContent(one, other)).toBe(verdict);
});
