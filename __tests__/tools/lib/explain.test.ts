import { writeFileSync } from 'node:fs';
import { explain } from '../../../tools/lib/explain';

/** An error as the SDK throws it. */
const aws = (name: string, message = 'the message.', httpStatusCode = 400) =>
  Object.assign(new Error(message), { name, $fault: 'client', $metadata: { httpStatusCode } });
const system = (code: string, more: object = {}) =>
  Object.assign(new Error(`connect ${code}`), { code, ...more });

const thrownBy = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown');
};

describe('one sentence with the way out', () => {
  it.each([
    [
      'no credentials',
      Object.assign(new Error('Could not load credentials from any providers'), {
        name: 'CredentialsProviderError',
      }),
      'No AWS credentials that can be used (Could not load credentials from any providers.). Sign in',
    ],
    ['expired ones', aws('ExpiredTokenException'), 'The AWS credentials have expired. Sign in again'],
    ['expired ones, as S3 says it', aws('ExpiredToken'), 'The AWS credentials have expired.'],
    ['wrong ones', aws('UnrecognizedClientException', '', 403), 'AWS does not know the credentials'],
    ['wrong ones, as S3 says it', aws('InvalidAccessKeyId', '', 403), 'AWS does not know the credentials'],
    ['a wrong clock', aws('RequestTimeTooSkewed', '', 403), "Set this machine's clock"],
    [
      'no permission',
      aws('AccessDeniedException', 'User: me is not authorized to perform: sqs:ReceiveMessage'),
      'AWS refuses permission: User: me is not authorized to perform: sqs:ReceiveMessage. Use credentials that have it',
    ],
    ['no permission, without a body', aws('Unknown', '', 403), 'AWS refuses permission: Unknown. Use'],
    ['another region', aws('PermanentRedirect', 'use the endpoint', 301), 'The bucket is in another region'],
    ['no region', new Error('Region is missing'), 'No AWS region is set.'],
    ['throttling', aws('ThrottlingException'), 'AWS throttles this account (ThrottlingException)'],
    ['throttling by S3', aws('SlowDown', '', 503), 'AWS throttles this account (SlowDown)'],
    ['something deleted', aws('QueueDoesNotExist', 'No such queue'), 'AWS does not find it: No such queue.'],
    [
      'trouble of AWS',
      aws('InternalError', 'sorry', 500),
      'AWS failed (InternalError: sorry.). Run it again',
    ],
    [
      'another refusal',
      aws('InvalidParameterValue', 'bad'),
      'AWS refuses the request (InvalidParameterValue): bad.',
    ],
    [
      'no network',
      system('ENOTFOUND', { hostname: 'sqs.eu-west-9.amazonaws.com', syscall: 'getaddrinfo' }),
      'sqs.eu-west-9.amazonaws.com does not answer (ENOTFOUND). Check the network and the region',
    ],
    ['an engine that ended', system('ECONNREFUSED', { address: '127.0.0.1' }), '127.0.0.1 does not answer'],
    [
      'a folder that is not there',
      thrownBy(() => {
        writeFileSync('/nowhere/at/all.svg', '');
      }),
      '/nowhere/at/all.svg: no such file or directory (ENOENT). Name another file, or make its folder first.',
    ],
    [
      'a folder instead of a file',
      thrownBy(() => {
        writeFileSync('/tmp', '');
      }),
      '/tmp: illegal operation on a directory (EISDIR)',
    ],
  ])('for %s', (_, error, sentence) => {
    const said = explain(error);

    expect(said).toContain(sentence);
    expect(said).not.toContain('\n');
  });

  it.each([new TypeError('undefined is not a function'), new Error('an invariant'), undefined, 'text'])(
    'is not made up for a defect: %p',
    (error) => {
      expect(explain(error)).toBeUndefined();
    },
  );
});
