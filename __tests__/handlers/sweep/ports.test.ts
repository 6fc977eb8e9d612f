import { createHash } from 'node:crypto';
import { GetFunctionConcurrencyCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import type { Prefixes } from '../../../handlers/process-upload/prefixes';
import { resubmit, isStopped } from '../../../handlers/sweep/resubmit';
import { s3Note } from '../../../handlers/sweep/note';
import { listPage } from '../../../handlers/sweep/s3-listing';

const s3 = mockClient(S3Client);
const lambda = mockClient(LambdaClient);
const LISTING = {
  client: new S3Client({}),
  bucket: 'bucket',
  prefix: 'uploads/',
  passOver: ['processed/'],
};
const OBJECT = { key: 'uploads/a b.csv', size: 3, etag: 'e', lastModified: new Date(0) };

beforeEach(() => {
  s3.reset();
  lambda.reset();
});

describe('listing uploads', () => {
  const asked = () => s3.commandCalls(ListObjectsV2Command)[0]?.args[0].input;
  const at = (Key: string) => ({ Key, Size: 3, ETag: '"abc"', LastModified: new Date(5) });

  it('decodes keys and takes the quotes off ETags', async () => {
    s3.on(ListObjectsV2Command).resolves({ Contents: [at('uploads/a+b%2Bc%0A.csv')], IsTruncated: false });

    await expect(listPage(LISTING, { after: 'uploads/0' })).resolves.toEqual({
      objects: [{ key: 'uploads/a b+c\n.csv', size: 3, etag: 'abc', lastModified: new Date(5) }],
      next: undefined,
    });
    expect(asked()).toEqual({
      Bucket: 'bucket',
      Prefix: 'uploads/',
      StartAfter: 'uploads/0',
      EncodingType: 'url',
    });
  });

  it('starts after a key only where there is no token', async () => {
    s3.on(ListObjectsV2Command).resolves({ IsTruncated: false });

    await listPage(LISTING, { after: 'uploads/0', token: 'page 2' });

    expect(asked()).toMatchObject({ ContinuationToken: 'page 2', StartAfter: undefined });
  });

  it.each([
    ['with keys', [at('uploads/b')], { after: 'uploads/b', token: 'page 2' }],
    ['without a key', [], { after: 'uploads/a', token: 'page 2' }],
  ])('goes on after a page %s by the token', async (_, Contents, next) => {
    s3.on(ListObjectsV2Command).resolves({ Contents, IsTruncated: true, NextContinuationToken: 'page 2' });

    await expect(listPage(LISTING, { after: 'uploads/a' })).resolves.toMatchObject({ next });
  });

  it('fails where the listing goes on and there is no token: the same page again would never end', async () => {
    s3.on(ListObjectsV2Command).resolves({ IsTruncated: true });

    await expect(listPage(LISTING, {})).rejects.toThrow('bucket: S3 says that the listing goes on');
  });

  it('fails where the answer does not say whether the listing goes on: that is no empty bucket', async () => {
    s3.on(ListObjectsV2Command).resolves({});

    await expect(listPage(LISTING, {})).rejects.toThrow(
      'bucket: S3 does not say whether the listing goes on',
    );
  });

  describe('of the whole bucket', () => {
    const WHOLE = { ...LISTING, prefix: '' };
    const BEHIND = 'processed/\u{10FFFF}';

    it('begins behind everything processed where the last sweep stopped in it', async () => {
      s3.on(ListObjectsV2Command).resolves({ IsTruncated: false });

      await listPage(WHOLE, { after: 'processed/2026/a' });

      expect(asked()?.StartAfter).toBe(BEHIND);
    });

    it('passes over everything processed in one step', async () => {
      s3.on(ListObjectsV2Command).resolves({
        Contents: [at('a'), at('processed/a')],
        IsTruncated: true,
        NextContinuationToken: 'more of it',
      });

      await expect(listPage(WHOLE, {})).resolves.toMatchObject({
        objects: [{ key: 'a' }],
        next: { after: BEHIND },
      });
    });

    it('never goes back: a key may lie behind the place that it jumps to', async () => {
      const key = `${BEHIND}/a`;
      s3.on(ListObjectsV2Command).resolves({
        Contents: [at(encodeURIComponent(key))],
        IsTruncated: true,
        NextContinuationToken: 'behind it',
      });

      await expect(listPage(WHOLE, { after: key })).resolves.toMatchObject({
        next: { after: key, token: 'behind it' },
      });
      expect(asked()?.StartAfter).toBe(key);
    });
  });
});

describe('the note of a sweep', () => {
  const prefixes = { uploadPrefix: 'uploads/', processedPrefix: 'processed/' };
  const noteOf = (of: Prefixes) => s3Note(LISTING.client, { bucket: 'bucket', key: '.note', prefixes: of });
  const note = noteOf(prefixes);

  it('begins at the beginning when there is none', async () => {
    s3.on(GetObjectCommand).rejects(new NoSuchKey({ message: 'none', $metadata: {} }));

    await expect(note.read()).resolves.toEqual({});
  });

  it.each(['', 'not JSON', 'null', '{"after":3,"token":{},"began":"1","completed":null}'])(
    'begins at the beginning when it says %j',
    async (text) => {
      s3.on(GetObjectCommand).resolves({ Body: body(text) });

      await expect(note.read()).resolves.toEqual({});
    },
  );

  it('fails when it cannot be read for another reason: another sweep may know better', async () => {
    s3.on(GetObjectCommand).rejects(new Error('AccessDenied'));

    await expect(note.read()).rejects.toThrow('AccessDenied');
  });

  const NOTED = { after: 'uploads/ü', token: 't', began: 2, completed: 1 };

  async function write(): Promise<void> {
    s3.on(PutObjectCommand).resolves({});
    await note.write(NOTED);
    const { Body } = s3.commandCalls(PutObjectCommand)[0]?.args[0].input ?? {};
    s3.on(GetObjectCommand).callsFake(() => ({ Body: body(Body as string) }));
  }

  it('comes with a checksum, without which a bucket that retains objects takes none', async () => {
    await write();
    const { Body, ChecksumSHA256 } = s3.commandCalls(PutObjectCommand)[0]?.args[0].input ?? {};

    expect(ChecksumSHA256).toBe(
      createHash('sha256')
        .update(Body as string)
        .digest('base64'),
    );
  });

  it('reads what it wrote', async () => {
    await write();

    await expect(note.read()).resolves.toEqual(NOTED);
  });

  it.each([
    ['another upload prefix', { ...prefixes, uploadPrefix: 'in/' }],
    ['another processed prefix', { ...prefixes, processedPrefix: 'done/' }],
    ['a former pair', { ...prefixes, formerPrefixes: [{ upload: 'old/', processed: 'processed/' }] }],
  ])('begins at the beginning, with every upload due, since there is %s', async (_, changed) => {
    await write();

    await expect(noteOf(changed).read()).resolves.toEqual({});
  });
});

describe('announcing an upload', () => {
  it('is an asynchronous invocation with an event of one record', async () => {
    lambda.on(InvokeCommand).resolves({ StatusCode: 202 });

    await resubmit(new LambdaClient({}), 'mover', 'bucket', OBJECT);

    const { FunctionName, InvocationType, Payload } =
      lambda.commandCalls(InvokeCommand)[0]?.args[0].input ?? {};
    expect({ FunctionName, InvocationType }).toEqual({ FunctionName: 'mover', InvocationType: 'Event' });
    expect(JSON.parse(Buffer.from(Payload as Uint8Array).toString())).toMatchObject({
      Records: [
        { s3: { bucket: { name: 'bucket' }, object: { key: 'uploads/a+b.csv', size: 3, eTag: 'e' } } },
      ],
    });
  });

  it('fails unless Lambda has taken it', async () => {
    lambda.on(InvokeCommand).resolves({ StatusCode: 200 });

    await expect(resubmit(new LambdaClient({}), 'mover', 'bucket', OBJECT)).rejects.toThrow(
      'Lambda answered 200 instead of 202',
    );
  });

  it.each([
    [0, true],
    [1, false],
    [undefined, false],
  ])('with a reserved concurrency of %p, the mover is stopped: %p', async (reserved, stopped) => {
    lambda.on(GetFunctionConcurrencyCommand).resolves({ ReservedConcurrentExecutions: reserved });

    await expect(isStopped(new LambdaClient({}), 'mover')).resolves.toBe(stopped);
  });
});

/** What the SDK gives for a body, as far as the note reads it. */
const body = (text: string) => ({ transformToString: () => Promise.resolve(text) }) as never;
