import { readUndelivered } from '../../../../tools/operate/failures/undelivered';
import { readRecords } from '../../../../handlers/process-upload/records';
import { s3Event } from '../../../support/events';
import { eventBridgeEvent, snsNotification, TEST_EVENT } from '../../../support/routes';
import { STRANGE_KEYS } from '../../../support/strange-keys';

const PREFIXES = { uploadPrefix: 'uploads/', processedPrefix: 'processed/' };

/** What each way leaves of an upload. */
const LEFT = [
  ['queue', (key: string) => s3Event({ key })],
  ['eventbridge', (key: string) => eventBridgeEvent({ key })],
  ['topic', (key: string) => snsNotification(s3Event({ key }))],
] as const;

describe.each(LEFT)('what the way by %s leaves', (way, eventOf) => {
  it.each(STRANGE_KEYS)('is known by its key, with %s', (_, key) => {
    expect(readUndelivered(JSON.stringify(eventOf(key)))).toMatchObject({ way, keys: [key] });
  });

  it('can be sent to process-upload as it is', () => {
    const { event } = readUndelivered(JSON.stringify(eventOf('uploads/a b'))) ?? {};

    expect(readRecords(event, PREFIXES)).toMatchObject([{ kind: 'upload', key: 'uploads/a b' }]);
  });
});

describe('readUndelivered', () => {
  it('knows all the uploads of a message, wherever they are', () => {
    const body = JSON.stringify(s3Event({ key: 'uploads/a' }, { key: 'processed/b' }));

    expect(readUndelivered(body)).toMatchObject({ keys: ['uploads/a', 'processed/b'] });
  });

  it('knows S3’s test of a notification, which is about no upload', () => {
    expect(readUndelivered(JSON.stringify(TEST_EVENT))).toMatchObject({ way: 'queue', keys: [] });
  });

  it.each([
    ['what is not JSON', '{'],
    ['what is no object', '3'],
    [
      'Lambda’s own record',
      JSON.stringify({ requestContext: {}, requestPayload: s3Event({ key: 'uploads/a' }) }),
    ],
    ['another service’s event', JSON.stringify(eventBridgeEvent({ key: 'a' }, { source: 'aws.ec2' }))],
    ['another sender’s notification', JSON.stringify(snsNotification({ order: 1 }))],
    ['another sender’s message', JSON.stringify({ order: 1 })],
  ])('leaves %s to others', (_, body) => {
    expect(readUndelivered(body)).toBeUndefined();
  });
});
