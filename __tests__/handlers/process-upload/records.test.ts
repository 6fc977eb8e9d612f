import { readRecords } from '../../../handlers/process-upload/records';
import { BUCKET, s3Event, s3Record } from '../../support/events';

const prefixes = { uploadPrefix: 'uploads/', processedPrefix: 'processed/' };
const read = (event: unknown) => readRecords(event, prefixes);

test('reads bucket, decoded key, ETag and size of an upload', () => {
  expect(read(s3Event({ key: 'uploads/a b.csv', etag: 'e1', size: 3 }))).toEqual([
    { kind: 'upload', bucket: BUCKET, key: 'uploads/a b.csv', etag: 'e1', size: 3 },
  ]);
});

test('leaves out what an event made by hand does not say, and the quotes of its ETag', () => {
  expect(read(s3Event({ key: 'uploads/a' }))).toMatchObject([
    { kind: 'upload', etag: undefined, size: undefined },
  ]);
  expect(read(s3Event({ key: 'uploads/a', etag: '"e1"', size: 0 }))).toMatchObject([{ etag: 'e1', size: 0 }]);
});

test('takes the whole bucket but what is processed when the upload prefix is empty', () => {
  const records = readRecords(s3Event({ key: 'a' }, { key: 'processed/a' }), {
    ...prefixes,
    uploadPrefix: '',
  });
  expect(records).toMatchObject([{ kind: 'upload' }, { kind: 'ignored' }]);
});

test.each([
  ['what is processed already', s3Event({ key: 'processed/a' }), 'it is processed already'],
  ['a folder marker', s3Event({ key: 'uploads/x/', size: 0 }), 'it is a folder marker'],
  [
    'what is no upload',
    { Records: [s3Record({ key: 'uploads/a' }, { eventName: 'ObjectRemoved:Delete' })] },
    '"ObjectRemoved:Delete" says nothing of an upload',
  ],
  [
    "S3's test of a new notification",
    { Event: 's3:TestEvent', Bucket: BUCKET },
    'S3 only tested the notification',
  ],
  ['an event without records', { Records: [] }, 'it holds no records'],
])('ignores %s, and says why', (_what, event, why) => {
  expect(read(event)).toMatchObject([{ kind: 'ignored', why }]);
});

test('takes what was uploaded elsewhere for an upload: after a change of prefixes it may be one', () => {
  expect(read(s3Event({ key: 'other/a' }))).toMatchObject([{ kind: 'upload', key: 'other/a' }]);
});

test('takes a key that ends in a slash for an upload when it holds something', () => {
  expect(read(s3Event({ key: 'uploads/x/', size: 1 }))).toMatchObject([{ kind: 'upload' }]);
});

test.each([
  [
    'an event of another service',
    { source: 'aws.s3', detail: { secret: 'x' } },
    'an object with source, detail',
  ],
  ['no event', undefined, 'undefined'],
  ['null', null, 'null'],
  ['a text', 'hello', 'string'],
  ['a stream', { Records: [{ eventSource: 'aws:kinesis', kinesis: {} }] }, 'eventSource is "aws:kinesis"'],
  [
    'another version',
    { Records: [s3Record({ key: 'uploads/a' }, { eventVersion: '3.0' })] },
    'eventVersion "3.0"',
  ],
  [
    'version 20',
    { Records: [s3Record({ key: 'uploads/a' }, { eventVersion: '20.1' })] },
    'eventVersion "20.1"',
  ],
  [
    'a record without a bucket',
    { Records: [s3Record({ key: 'uploads/a' }, { s3: {} })] },
    'names no bucket or no key',
  ],
  [
    'a record that does not say what happened',
    { Records: [s3Record({ key: 'uploads/a' }, { eventName: undefined })] },
    'eventName is undefined',
  ],
  [
    'a record that says it with no word',
    { Records: [s3Record({ key: 'uploads/a' }, { eventName: 7 })] },
    'eventName is number',
  ],
  [
    'a record whose source is a name that every object has',
    { Records: [s3Record({ key: 'uploads/a' }, { eventSource: 'constructor' })] },
    'eventSource is "constructor"',
  ],
  ['a record that is none', { Records: [null] }, 'The record is not from S3'],
])('fails for good on %s, and says what it saw', (_what, event, seen) => {
  expect(read(event)).toMatchObject([
    {
      kind: 'unreadable',
      error: { name: 'PermanentError', message: expect.stringContaining(seen) as string },
    },
  ]);
});

test('never says what an event that it does not know holds', () => {
  const [record] = read({ detail: 'the secret' });
  expect(JSON.stringify(record)).not.toContain('the secret');
});

test('reads the neighbours of a record with a malformed key', () => {
  const broken = s3Record({ key: 'x' });
  broken.s3.object.key = 'uploads/%';
  expect(read({ Records: [broken, s3Record({ key: 'uploads/a' })] })).toMatchObject([
    {
      kind: 'unreadable',
      key: 'uploads/%',
      error: { name: 'PermanentError', message: expect.stringContaining('"uploads/%"') as string },
    },
    { kind: 'upload', key: 'uploads/a' },
  ]);
});
