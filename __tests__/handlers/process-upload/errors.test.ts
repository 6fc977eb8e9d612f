import {
  asMoveError,
  combine,
  PermanentError,
  RetryableError,
} from '../../../handlers/process-upload/errors';

const failure = (key: string, error: PermanentError | RetryableError) => ({ bucket: 'b', key, error });
const permanent = new PermanentError('It is too long', 'Make it shorter.');
const retryable = new RetryableError('S3 was busy');

test('an error says what happened, whether trying again can help, and how to mend it', () => {
  expect(permanent.message).toBe('It is too long. Trying again cannot help. Make it shorter.');
  expect(retryable.message).toBe('S3 was busy. Trying again can help.');
});

test('one failure keeps its class, and says which object it is about', () => {
  const error = combine([failure('uploads/a', permanent)], 3);
  expect(error).toBeInstanceOf(PermanentError);
  expect(error.message).toBe('s3://b/uploads/a: It is too long. Trying again cannot help. Make it shorter.');
  expect(error.cause).toBe(permanent);
});

test('a failure that is about no object is one of the event', () => {
  expect(combine([{ bucket: '', key: '', error: permanent }], 1).message).toMatch(
    /^The event: It is too long/,
  );
});

test('several failures make one error that names them all', () => {
  const error = combine([failure('uploads/a', permanent), failure('uploads/b', retryable)], 3);
  expect(error.message).toContain("2 of the event's 3 records failed");
  expect(error.message).toContain('s3://b/uploads/a: It is too long');
  expect(error.message).toContain('s3://b/uploads/b: S3 was busy');
});

test('several failures are permanent only if every one is', () => {
  expect(combine([failure('a', permanent), failure('b', permanent)], 2).name).toBe('PermanentError');
  expect(combine([failure('a', permanent), failure('b', retryable)], 2).name).toBe('RetryableError');
});

test('what nobody knows anything about may pass', () => {
  expect(asMoveError(new TypeError('x is not a function'))).toMatchObject({
    name: 'RetryableError',
    message: 'TypeError: x is not a function. Trying again can help.',
  });
  expect(asMoveError('boom')).toMatchObject({ message: 'boom. Trying again can help.' });
  expect(asMoveError(permanent)).toBe(permanent);
});
