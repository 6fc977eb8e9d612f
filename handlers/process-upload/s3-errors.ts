import { PermanentError, RetryableError } from './errors';

/** The fields of an S3 error that decide what to do, independent of the SDK's class. */
export interface S3Problem {
  readonly status: number | undefined;
  readonly code: string;
  readonly message: string;
  /** The condition that did not hold, as S3 names it in the body of a 412; often, but not always there. */
  readonly condition: string | undefined;
}

export function problemOf(error: unknown): S3Problem {
  const { name, message, $metadata, Condition } = error as Partial<{
    name: string;
    message: string;
    $metadata: { httpStatusCode?: number };
    Condition: string;
  }>;
  return {
    status: $metadata?.httpStatusCode,
    code: name ?? 'Error',
    message: message ?? '',
    condition: Condition,
  };
}

/** The object is not there. Not so when the bucket or the multipart upload is what is missing. */
export const isMissing = ({ status, code }: S3Problem): boolean =>
  status === 404 && (code === 'NoSuchKey' || code === 'NotFound');

export const isUnmet = ({ status }: S3Problem): boolean => status === 412;

/** Someone else is writing the key right now, or S3 asks for the whole upload again. */
export const isConflict = ({ status, code }: S3Problem): boolean => status === 409 || code === 'NoSuchUpload';

/** The source is larger than one CopyObject takes. */
export const isTooLarge = ({ code, message }: S3Problem): boolean =>
  code === 'InvalidRequest' && message.includes('larger than the maximum');

const ARCHIVED = ['ObjectNotInActiveTierError', 'InvalidObjectState'];
const MALFORMED = ['KeyTooLongError', 'EntityTooLarge', 'NoSuchBucket', 'MethodNotAllowed', 'NotImplemented'];

/**
 * Every other S3 error as one of ours. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 * @param doing what was tried, to read after "S3 refused to": `copy it to KEY`
 */
export function explain(error: unknown, doing: string): PermanentError | RetryableError {
  if (error instanceof PermanentError || error instanceof RetryableError) return error;
  const problem = problemOf(error);
  const { code, message, status } = problem;
  const what = `S3 refused to ${doing}: ${reasonOf(problem)}`;
  const cause = { cause: error };

  if (code === 'AbortError') {
    return new RetryableError(
      `The function's time was up before S3 could ${doing}`,
      'If it stays, raise the timeout of the function.',
      cause,
    );
  }
  if (ARCHIVED.includes(code)) {
    return new PermanentError(what, 'Restore the object from its archive, then redrive the event.', cause);
  }
  if (code.startsWith('KMS.') || (status === 403 && /\bkms:/i.test(message))) {
    return new PermanentError(
      what,
      'Let the role of the function use the KMS key (kms:Decrypt, kms:GenerateDataKey), then redrive the event.',
      cause,
    );
  }
  if (MALFORMED.includes(code)) return new PermanentError(what, '', cause);
  if (status === 403) {
    // A new role's policy takes a while to arrive everywhere, so this refusal may pass.
    return new RetryableError(
      what,
      'If it stays, compare the policies of the role, the bucket and the organization. ' +
        'Without s3:ListBucket a missing key looks like this too.',
      cause,
    );
  }
  return new RetryableError(what, '', cause);
}

/** The SDK names an answer without a body, as every HEAD's is, `Unknown`: its status says more. */
const reasonOf = ({ code, message, status }: S3Problem): string =>
  code === 'Unknown' && status !== undefined
    ? `HTTP ${status}, and an answer without a body does not say why`
    : `${code}: ${message.replace(/\.$/, '')}`;
