import * as fc from 'fast-check';
import { readRecords } from '../../../handlers/process-upload/records';
import { BUCKET, s3Event, s3Record } from '../../support/events';
import {
  eventBridgeEvent,
  ROUTES,
  snsEvent,
  snsNotification,
  sqsEvent,
  sqsRecord,
  TEST_EVENT,
} from '../../support/routes';
import { STRANGE_KEYS } from '../../support/strange-keys';

const PREFIXES = { uploadPrefix: 'uploads/', processedPrefix: 'processed/' };
const read = (event: unknown) => readRecords(event, PREFIXES);
const wayIn = Object.entries(ROUTES);

const upload = (name: string) => ({ key: `uploads/${name}`, etag: `etag-of-${name}`, size: 1 });

/** What the object is, without the message that told of it. */
const withoutMessage = (event: unknown) => read(event).map((record) => ({ ...record, messageId: undefined }));

describe('readRecords', () => {
  it('makes the same record of any object, whichever way the news of it came', () => {
    fc.assert(
      fc.property(
        fc.record({
          key: fc.string({ unit: 'binary', minLength: 1 }).map((name) => `uploads/${name}`),
          etag: fc.option(fc.string(), { nil: undefined }),
          size: fc.option(fc.nat(), { nil: undefined }),
        }),
        (object) => {
          const records = wayIn.map(([, event]) => withoutMessage(event(object)));

          for (const record of records) expect(record).toEqual(records[0]);
          expect(records[0]).toHaveLength(1);
          expect(records[0]?.[0]).toMatchObject({ bucket: BUCKET, key: object.key });
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it.each(STRANGE_KEYS)('reads a key with %s the same from every route', (_, key) => {
    for (const [, event] of wayIn) {
      expect(read(event({ key, size: 1 }))).toEqual([
        expect.objectContaining({ kind: 'upload', key, size: 1 }),
      ]);
    }
  });

  it.each(wayIn)('by %s, knows what is none of its business', (_, event) => {
    const kinds = ['processed/a', 'uploads/folder/'].map((key) => read(event({ key, size: 0 })));

    expect(kinds.flat().map(({ kind }) => kind)).toEqual(['ignored', 'ignored']);
  });

  it('reads all the records of all the messages, and tells which message each came in', () => {
    const event = sqsEvent(
      s3Event(upload('a'), upload('b')),
      snsNotification(s3Event(upload('c'))),
      eventBridgeEvent(upload('d')),
    );

    expect(read(event).map(({ key, messageId }) => [key, messageId])).toEqual([
      ['uploads/a', 'm1'],
      ['uploads/b', 'm1'],
      ['uploads/c', 'm2'],
      ['uploads/d', 'm3'],
    ]);
  });

  it.each([
    ['alone', TEST_EVENT],
    ['in a queue', sqsEvent(TEST_EVENT)],
    ['in a topic', snsEvent(TEST_EVENT)],
    ['in a topic in a queue', sqsEvent(snsNotification(TEST_EVENT))],
  ])('ignores S3’s test of a notification %s', (_, event) => {
    expect(withoutMessage(event)).toEqual([
      { kind: 'ignored', bucket: BUCKET, key: '', why: 'S3 only tested the notification' },
    ]);
  });

  it('ignores what EventBridge says of anything but a new object', () => {
    const event = eventBridgeEvent(upload('a'), { 'detail-type': 'Object Deleted' });

    expect(read(event)).toEqual([
      expect.objectContaining({ kind: 'ignored', why: '"Object Deleted" says nothing of an upload' }),
    ]);
  });

  it('understands an EventBridge event of before there was an event-version', () => {
    const { detail, ...event } = eventBridgeEvent(upload('a'));

    expect(read({ ...event, detail: { ...detail, 'event-version': undefined } })).toEqual([
      expect.objectContaining({ kind: 'upload', key: 'uploads/a' }),
    ]);
  });

  describe('fails for good, with what it saw and nothing of its content,', () => {
    it.each([
      [
        'an envelope it does not know',
        { version: '1.0', payload: 'SECRET' },
        'an object with version, payload',
      ],
      ['a text', 'SECRET', 'string'],
      ['nothing', undefined, 'undefined'],
      ['a list', ['SECRET'], 'an array with 0'],
      ['a message that is not JSON', sqsEvent('SECRET'), 'The message is not JSON: 6 characters'],
      ['a message without a body', { Records: [{ eventSource: 'aws:sqs' }] }, 'not JSON: undefined'],
      ['a message of another sender', sqsEvent({ order: 'SECRET' }), 'an object with order'],
      ['a notification of another sender', snsEvent({ order: 'SECRET' }), 'an object with order'],
      ['a record of another service', { Records: [{ eventSource: 'aws:kinesis' }] }, '"aws:kinesis"'],
      [
        'an EventBridge event of another service',
        eventBridgeEvent(upload('a'), { source: 'aws.ec2' }),
        'source is "aws.ec2"',
      ],
      [
        'an EventBridge event that does not say what happened',
        eventBridgeEvent(upload('a'), { 'detail-type': null }),
        'detail-type is null',
      ],
      [
        'an EventBridge event of another kind of value',
        eventBridgeEvent(upload('a'), { 'detail-type': ['Object Created'] }),
        'detail-type is an array with 0',
      ],
      [
        'an EventBridge event without a key',
        eventBridgeEvent({ key: '' }),
        'names no bucket or no key: detail is an object with version',
      ],
      [
        'an EventBridge event of a version to come',
        eventBridgeEvent(upload('a'), { detail: { 'event-version': '2.0' } }),
        'event-version "2.0", and only 1.x is understood',
      ],
      [
        'a notification of a version to come',
        sqsEvent({ Records: [s3Record(upload('a'), { eventVersion: '3.0' })] }),
        'eventVersion "3.0", and only 2.x is understood',
      ],
    ])('of %s', (_, event, saw) => {
      const [record, ...others] = read(event);

      expect(others).toEqual([]);
      expect(record).toMatchObject({
        kind: 'unreadable',
        error: { name: 'PermanentError', permanent: true },
      });
      expect(record?.kind === 'unreadable' ? record.error.message : '').toContain(saw);
      expect(JSON.stringify(record)).not.toContain('SECRET');
    });
  });

  it('reads the neighbours of a message that it cannot read', () => {
    expect(read(sqsEvent(s3Event(upload('a')), '{', s3Event(upload('c')))).map(({ kind }) => kind)).toEqual([
      'upload',
      'unreadable',
      'upload',
    ]);
  });

  it('leaves out the message where SQS gave it no id', () => {
    const { messageId, ...record } = sqsRecord('m1', JSON.stringify(s3Event(upload('a'))));

    expect(messageId).toBe('m1');
    expect(read({ Records: [record] })[0]).not.toHaveProperty('messageId');
  });
});
