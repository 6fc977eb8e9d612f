import { decodeKey, readS3Event } from '../../../handlers/shared/s3-event';
import { BUCKET, encodeKey } from '../../support/events';
import { ROUTES, sqsEvent } from '../../support/routes';
import { STRANGE_KEYS } from '../../support/strange-keys';

test.each(STRANGE_KEYS)('decodes what a notification makes of a key with %s', (_what, key) => {
  expect(decodeKey(encodeKey(key))).toBe(key);
});

test.each([
  ['a+b', 'a b'],
  ['a%2Bb', 'a+b'],
  ['a%2541', 'a%41'],
  ['%C3%BC', '\u00fc'],
  ['u%CC%88', 'u\u0308'],
])('decodes %s as a form', (encoded, key) => {
  expect(decodeKey(encoded)).toBe(key);
});

/** What a team writes that wants to know of every processed object: a message that cannot be read comes back, alone. */
function consumer(event: unknown, take: (key: string, size: number | undefined) => void) {
  const batchItemFailures: { itemIdentifier: string | undefined }[] = [];
  for (const news of readS3Event(event)) {
    if (news.kind === 'created') take(news.key, news.size);
    if (news.kind === 'unreadable') batchItemFailures.push({ itemIdentifier: news.messageId });
  }
  return { batchItemFailures };
}

describe('a consumer of processed objects', () => {
  it.each(Object.entries(ROUTES))('hears of one by %s', (_, route) => {
    const took: unknown[] = [];

    consumer(route({ key: 'processed/a b+c.csv', etag: 'e1', size: 3 }), (...news) => took.push(news));

    expect(took).toEqual([['processed/a b+c.csv', 3]]);
  });

  it('gives back the one message that it cannot read', () => {
    const took: string[] = [];
    const object = ROUTES['S3 alone']?.({ key: 'processed/a' });

    expect(consumer(sqsEvent(object, 'no JSON', object), (key) => took.push(key))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm2' }],
    });
    expect(took).toEqual(['processed/a', 'processed/a']);
  });

  it('gets bucket, key, ETag and size of it', () => {
    expect(readS3Event(ROUTES.EventBridge?.({ key: 'processed/a', etag: 'e1', size: 3 }))).toEqual([
      { kind: 'created', bucket: BUCKET, key: 'processed/a', etag: 'e1', size: 3 },
    ]);
  });
});
