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
  expect(permanent.message).toBe('It is too long. Make it shorter. Trying again cannot help.');
  expect(retryable.message).toBe('S3 was busy. Trying again can help.');
});

test('one failure keeps its class, and says which object it is about', () => {
  const error = combine([failure('uploads/a', permanent)], 3);
  expect(error).toBeInstanceOf(PermanentError);
  expect(error.message).toBe('s3://b/uploads/a: It is too long. Make it shorter. Trying again cannot help.');
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

test('the error has the stack in which the first failure began, for Lambda keeps no cause’s', () => {
  const began = new TypeError('no header');
  began.stack = 'TypeError: no header\n    at processUpload (process.ts:7:1)';
  const wrapped = new RetryableError('The step failed', '', { cause: began });

  for (const others of [[], [failure('uploads/b', retryable)]]) {
    const error = combine([failure('uploads/a', wrapped), ...others], 2);
    expect(error.stack).toBe(`RetryableError: ${error.message}\n    at processUpload (process.ts:7:1)`);
  }
});

describe('a failure record carries the message beside the event, and a queue takes 1 MiB of both', () => {
  const key = `uploads/${'\u0001'.repeat(1_000)}`;
  const many = Array.from({ length: 1_875 }, () => failure(key, permanent));
  const bytes = (error: Error) =>
    // Lambda's record holds the message, and the stack, which begins with it.
    Buffer.byteLength(JSON.stringify({ errorMessage: error.message, trace: error.stack?.split('\n') }));

  test('so of many failures ten are named, and the others counted', () => {
    const error = combine(many, 1_875);
    expect(error.message).toContain("1875 of the event's 1875 records failed");
    expect(error.message).toContain(`(10) s3://b/${key}`);
    expect(error.message).not.toContain('(11)');
    expect(error.message).toContain("and 1865 more, each in the function's log");
    expect(bytes(error)).toBeLessThan(300_000);
  });

  test('so a long story of a step is cut, and the verdict stays', () => {
    const long = new PermanentError('x'.repeat(1_000_000), 'y'.repeat(1_000_000));
    const of = [combine([failure(key, long)], 1), combine([failure(key, long), failure(key, long)], 2)];
    for (const error of [long, asMoveError(new Error('z'.repeat(1_000_000))), ...of]) {
      expect(bytes(error)).toBeLessThan(300_000);
      expect(error.message).toMatch(/… \([\d,]+ more characters\)/);
      expect(error.message).toMatch(/Trying again can(not)? help\.$/);
    }
  });
});

test('the verdict is the end of the message, so that no key and no remedy can pass for it', () => {
  const key = 'uploads/Trying again cannot help.';
  expect(combine([failure(key, retryable)], 1).message).toMatch(/S3 was busy\. Trying again can help\.$/);
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
