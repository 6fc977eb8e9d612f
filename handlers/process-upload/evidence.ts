import { RetryableError } from './errors';
import { unquoted } from './wire';

/**
 * The ETag of an answer, without quotes. It is the evidence that S3 did what it was asked to do: a 200 may hold an
 * error, which the SDK recognizes only where the body ends in `</Error>`, or another server's page.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 * @param doing what was tried: `copy it to KEY`
 * @throws RetryableError where the answer holds no ETag
 */
export function etagOf(answer: { readonly ETag?: string | undefined } | undefined, doing: string): string {
  return proven(unquoted(answer?.ETag), 'an ETag', doing);
}

/**
 * A part of an answer without which nobody knows what was done.
 * @throws RetryableError where it is missing
 */
export function proven(value: string | undefined, called: string, doing: string): string {
  if (value !== undefined && value !== '') return value;
  throw new RetryableError(
    `S3 answered 200 to "${doing}", but without ${called}: nothing shows that it was done`,
    'If it stays, look for a proxy or an endpoint that answers in place of S3.',
  );
}
