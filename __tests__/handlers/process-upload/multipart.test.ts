import {
  MAX_COPY_BYTES,
  MAX_PART_BYTES,
  MAX_PARTS,
  planParts,
} from '../../../handlers/process-upload/multipart';
import { errorOf } from '../../support/error-of';

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;

test('S3 copies up to 5,368,709,120 bytes at once', () => {
  expect(MAX_COPY_BYTES).toBe(5_368_709_120);
});

test.each([
  ['one byte', 1],
  ['5 GB less one byte', 5 * GiB - 1],
  ['5 GB', 5 * GiB],
  ['5 GB and one byte', 5 * GiB + 1],
  ['5 TB', 5e12],
  ['50 TB', 50e12],
  ['as much as there can be', MAX_PARTS * MAX_PART_BYTES],
])('the parts of %s cover it without gap or overlap, within the limits of S3', (_what, size) => {
  const parts = planParts(size);

  const gaps = parts.filter(
    ({ number, first }, i) => number !== i + 1 || first !== (parts[i - 1]?.last ?? -1) + 1,
  );
  const sizes = parts.map(({ first, last }) => last - first + 1);
  expect(gaps).toEqual([]);
  expect(parts.at(-1)?.last).toBe(size - 1);
  expect(parts.length).toBeLessThanOrEqual(10_000);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(5 * GiB);
  expect(Math.min(...sizes)).toBeGreaterThan(0);
  // Only the last part may be smaller than 5 MiB.
  expect(Math.min(5 * MiB, ...sizes.slice(0, -1))).toBe(5 * MiB);
});

test('an object just over the limit is copied in some twenty parts', () => {
  expect(planParts(5 * GiB + 1)).toHaveLength(21);
});

test('refuses what S3 cannot copy in 10,000 parts, for good', () => {
  expect(errorOf(() => planParts(MAX_PARTS * MAX_PART_BYTES + 1))).toMatchObject({ name: 'PermanentError' });
});
