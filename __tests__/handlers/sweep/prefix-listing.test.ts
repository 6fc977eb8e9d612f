import { ListObjectsV2Command, type ListObjectsV2CommandInput } from '@aws-sdk/client-s3';
import * as fc from 'fast-check';
import { isProcessed, pairOf } from '../../../handlers/process-upload/prefixes';
import { listUploads } from '../../../handlers/sweep/prefix-listing';
import type { Position } from '../../../handlers/sweep/sweep';

const byBytes = (one: string, other: string) => Buffer.compare(Buffer.from(one), Buffer.from(other));

/** A bucket that lists two keys a page, as S3 does. */
function bucketOf(keys: readonly string[]) {
  const all = [...new Set(keys)].sort(byBytes);
  const send = (command: { input: ListObjectsV2CommandInput }) => {
    expect(command).toBeInstanceOf(ListObjectsV2Command);
    const { Prefix = '', StartAfter = '', ContinuationToken: token } = command.input;
    const from = token ?? StartAfter;
    const found = all.filter((key) => key.startsWith(Prefix) && byBytes(key, from) > 0);
    const page = found.slice(0, 2);
    return Promise.resolve({
      Contents: page.map((key) => ({ Key: encodeURIComponent(key), Size: 1, ETag: '"e"' })),
      IsTruncated: found.length > 2,
      NextContinuationToken: page.at(-1),
    });
  };
  return { client: { send: send as never }, bucket: 'bucket' };
}

/** Every key that a sweep sees which forgets its token now and then, as one does that begins again. */
async function sweepAll(pipeline: Parameters<typeof listUploads>[0], forgets: boolean): Promise<string[]> {
  const seen: string[] = [];
  let next: Position | undefined = {};
  for (let pages = 0; next !== undefined; pages += 1) {
    if (pages > 100) throw new Error(`never ends: ${JSON.stringify(next)}`);
    const page = await listUploads(pipeline, next);
    seen.push(...page.objects.map(({ key }) => key));
    next = forgets && page.next !== undefined ? { after: page.next.after } : page.next;
  }
  return seen;
}

const prefixes = {
  uploadPrefix: 'uploads/',
  processedPrefix: 'processed/',
  formerPrefixes: [{ upload: 'in/', processed: 'processed/' }],
};

test('the uploads below former prefixes are listed too, and the object that is named as a prefix', async () => {
  const keys = ['in/', 'in/a', 'in/b', 'in/c', 'other/a', 'processed/a', 'uploads/', 'uploads/a'];
  const pipeline = { ...bucketOf(keys), prefixes };
  await expect(sweepAll(pipeline, false)).resolves.toEqual([
    'in/',
    'in/a',
    'in/b',
    'in/c',
    'uploads/',
    'uploads/a',
  ]);
});

test('a sweep that goes on from a key of a prefix goes on there', async () => {
  const pipeline = { ...bucketOf(['in/a', 'uploads/a', 'uploads/b']), prefixes };
  await expect(listUploads(pipeline, { after: 'uploads/a' })).resolves.toMatchObject({
    objects: [{ key: 'uploads/b' }],
    next: undefined,
  });
  await expect(listUploads(pipeline, { after: 'z' })).resolves.toEqual({ objects: [], next: undefined });
});

test('with any prefixes each upload is listed once, wherever the sweep begins again, and it ends', async () => {
  const part = fc.constantFrom('in', 'in-x', 'in.x', 'in0', 'a', '.');
  const prefix = fc.array(part, { minLength: 1, maxLength: 2 }).map((parts) => `${parts.join('/')}/`);
  const key = fc.tuple(prefix, fc.constantFrom('', 'a', 'b/c')).map((parts) => parts.join(''));
  const pair = fc.record({
    upload: fc.oneof({ weight: 4, arbitrary: prefix }, fc.constant('')),
    processed: prefix.map((name) => `done/${name}`),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(pair, { minLength: 1, maxLength: 3 }),
      fc.array(
        fc.oneof(
          key,
          key.map((name) => `done/${name}`),
        ),
        { maxLength: 12 },
      ),
      fc.boolean(),
      async ([present = { upload: '', processed: 'done/' }, ...formerPrefixes], keys, forgets) => {
        const known = {
          uploadPrefix: present.upload,
          processedPrefix: present.processed,
          formerPrefixes,
        };
        const seen = await sweepAll({ ...bucketOf(keys), prefixes: known }, forgets);
        const uploads = [...new Set(keys)].filter(
          (each) => pairOf(each, known) !== undefined && !isProcessed(each, known),
        );
        expect([...seen].sort()).toEqual(uploads.sort());
      },
    ),
  );
});
