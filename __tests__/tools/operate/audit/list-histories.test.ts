import type { S3Client } from '@aws-sdk/client-s3';
import * as fc from 'fast-check';
import { byUtf8, type KeyHistory } from '../../../../tools/operate/audit/history';
import { listHistories } from '../../../../tools/operate/audit/list-histories';
import { versionListing, type Listed } from '../../../support/version-listing';

const entry = (key: string, i = 0, marker = false): Listed => ({
  key,
  versionId: `v${i}`,
  at: 1_000 * (9 - i),
  isLatest: i === 0,
  ...(!marker && { content: { etag: `e${i}`, size: i } }),
});

async function list(entries: readonly Listed[], prefix = '', passOver?: string, pageSize?: number) {
  const { client, asked } = versionListing(entries, pageSize);
  const signal = new AbortController().signal;
  const histories: KeyHistory[] = [];
  const listing = {
    client,
    bucket: 'b',
    prefix,
    signal,
    ...(passOver !== undefined && { passOver: [passOver] }),
  };
  for await (const history of listHistories(listing)) histories.push(history);
  return { histories, keys: histories.map(({ key }) => key), asked };
}

it('gives versions and delete markers of a key together, newest first', async () => {
  const { histories } = await list([entry('a', 0, true), entry('a', 1), entry('a', 2), entry('b')]);

  expect(histories).toMatchObject([
    {
      key: 'a',
      versions: [{ versionId: 'v1', etag: 'e1', size: 1, at: 8_000, isLatest: false }, { versionId: 'v2' }],
      deleteMarkers: [{ versionId: 'v0', isLatest: true }],
    },
    { key: 'b', versions: [{ versionId: 'v0', isLatest: true }], deleteMarkers: [] },
  ]);
});

it('goes on behind pages that are empty, and in the middle of a key', async () => {
  const entries = [entry('a'), entry('b', 0), entry('b', 1), entry('b', 2, true), entry('b', 3), entry('c')];
  const { histories, asked } = await list(entries, '', undefined, 2);

  expect(
    histories.map(({ key, versions, deleteMarkers }) => [key, versions.length, deleteMarkers.length]),
  ).toEqual([
    ['a', 1, 0],
    ['b', 3, 1],
    ['c', 1, 0],
  ]);
  expect(asked.length).toBeGreaterThan(3);
});

it('keeps the order of S3, whatever is in a key', async () => {
  const anyKey = fc.string({ unit: 'binary', minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(anyKey, { maxLength: 12 }),
      fc.integer({ min: 1, max: 4 }),
      async (keys, size) => {
        const { keys: listed } = await list(
          keys.map((key) => entry(key)),
          '',
          undefined,
          size,
        );
        expect(listed).toEqual([...keys].sort(byUtf8));
      },
    ),
  );
});

it('passes over a prefix in one step, and never goes back', async () => {
  const below = Array.from({ length: 50 }, (_, i) => entry(`processed/${i}`));
  const entries = [entry('a'), ...below, entry('processed0'), entry('z')];
  const { keys, asked } = await list(entries, '', 'processed/', 5);

  expect(keys).toEqual(['a', 'processed0', 'z']);
  expect(asked.length).toBeLessThan(8);
});

it.each([
  ['goes on without saying where', { IsTruncated: true }],
  ['does not say whether it goes on', {}],
])('refuses a listing that %s', async (_what, page) => {
  let asked = 0;
  const send = () => {
    asked += 1;
    return asked > 3 ? Promise.reject(new Error('asked again and again')) : Promise.resolve(page);
  };
  const client = { send } as unknown as Pick<S3Client, 'send'>;
  const histories = listHistories({ client, bucket: 'b', prefix: '', signal: new AbortController().signal });

  await expect(histories.next()).rejects.toThrow(/^b: S3 (says|does not say) .* the listing goes on/u);
});
