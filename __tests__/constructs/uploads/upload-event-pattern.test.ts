import { uploadEventPattern } from '../../../constructs/uploads/upload-event-pattern';
import { PREFIXES, WHOLE_BUCKET } from '../../support/mover';

/** What the pattern asks of an object. */
const object = (...args: Parameters<typeof uploadEventPattern>): unknown =>
  (JSON.parse(uploadEventPattern(...args)) as { detail: { object: unknown } }).detail.object;

describe('uploadEventPattern', () => {
  it.each([
    ['the upload prefix', PREFIXES, {}, { prefix: 'uploads/' }],
    ['both ends of the key', PREFIXES, { suffix: '.csv' }, { wildcard: 'uploads/*.csv' }],
    [
      'what a key holds as it is, stars and backslashes too',
      { upload: String.raw`in*\/`, processed: 'out/' },
      { suffix: '*' },
      { wildcard: String.raw`in\*\\/*\*` },
    ],
    [
      'everything but the moved objects in a bucket that is watched as a whole',
      WHOLE_BUCKET,
      {},
      { 'anything-but': { prefix: 'processed/' } },
    ],
    ['the suffix alone there', WHOLE_BUCKET, { suffix: '.csv' }, { suffix: '.csv' }],
  ])('matches %s', (_, prefixes, filter, key) => {
    expect(object('bucket', [prefixes], filter)).toEqual({ key: [key] });
  });

  it.each([
    [{ minimumSizeBytes: 1 }, ['>=', 1]],
    [{ maximumSizeBytes: 10 }, ['<=', 10]],
    [{ minimumSizeBytes: 0, maximumSizeBytes: 10 }, ['>=', 0, '<=', 10]],
  ])('matches the sizes of %j', (filter, numeric) => {
    expect(object('bucket', [PREFIXES], filter)).toEqual({
      key: [{ prefix: 'uploads/' }],
      size: [{ numeric }],
    });
  });

  it('matches the uploads of several prefixes', () => {
    const other = { upload: 'invoices/', processed: 'invoices-done/' };

    expect(object('bucket', [PREFIXES, other])).toEqual({
      key: [{ prefix: 'uploads/' }, { prefix: 'invoices/' }],
    });
  });
});
