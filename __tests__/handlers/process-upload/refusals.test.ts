import { explain } from '../../../handlers/process-upload/s3-errors';

/** An error as the SDK makes it of S3's answer. */
const refusal = (name: string, status: number): Error =>
  Object.assign(new Error('S3 says so'), { name, $metadata: { httpStatusCode: status } });

describe('a refusal of S3', () => {
  // https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
  it.each([
    ['MethodNotAllowed', 405],
    ['KeyTooLongError', 400],
    ['EntityTooLarge', 400],
    ['NoSuchBucket', 404],
    ['NotImplemented', 501],
    ['InvalidObjectState', 403],
    ['ObjectNotInActiveTierError', 403],
    ['KMS.DisabledException', 400],
  ])('%s cannot be helped by trying again', (name, status) => {
    expect(explain(refusal(name, status), 'copy it')).toMatchObject({ name: 'PermanentError' });
  });

  it.each([
    ['AccessDenied', 403],
    ['SlowDown', 503],
    ['InternalError', 500],
  ])('%s may pass', (name, status) => {
    expect(explain(refusal(name, status), 'copy it')).toMatchObject({ name: 'RetryableError' });
  });
});
