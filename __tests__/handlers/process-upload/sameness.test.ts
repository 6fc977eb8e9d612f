import { sameContent } from '../../../handlers/process-upload/sameness';

const info = (etag: string, size = 1, checksums: Record<string, string> = {}) => ({ etag, size, checksums });

test.each([
  ['the same when ETag and size are', info('e'), info('e'), 'same'],
  ['different when the sizes are, whatever else', info('e', 1), info('e', 2), 'different'],
  ['the same when a common checksum is', info('e', 1, { CRC: 'x' }), info('f', 1, { CRC: 'x' }), 'same'],
  [
    'different when a common checksum is',
    info('e', 1, { CRC: 'x' }),
    info('f', 1, { CRC: 'y' }),
    'different',
  ],
  [
    'unknown when their checksums are of different kinds',
    info('e', 1, { CRC: 'x' }),
    info('f', 1, { SHA: 'x' }),
    'unknown',
  ],
  [
    'unknown when only the event describes one',
    { etag: 'e', size: 1 },
    info('f', 1, { CRC: 'x' }),
    'unknown',
  ],
])('two objects are %s', (_what, one, other, verdict) => {
  expect(sameContent(one, other)).toBe(verdict);
});
