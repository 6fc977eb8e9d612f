import type { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
} from '@aws-sdk/client-s3';
import { RetryableError } from './errors';
import { carryAnnotations } from './annotations';
import { etagOf } from './evidence';
import { multipartCopy } from './multipart-copy';
import { MAX_COPY_BYTES } from './multipart';
import type {
  Bucket,
  CopyOutcome,
  CopyRequest,
  ObjectInfo,
  ObjectStore,
  OpenedObject,
  RemoveOutcome,
} from './object-store';
import { explain, isConflict, isMissing, isTooLarge, isUnmet, problemOf } from './s3-errors';
import { copySource, quoted } from './wire';

/** A bucket as the mover sees it. */
export function s3Store(at: Bucket): ObjectStore {
  return {
    head: (key) => head(at, key),
    copy: (request) => copy(at, request),
    finishCopy: (request, made) => finishCopy(at, request, made),
    remove: (key, etag) => remove(at, key, etag),
    open: (key, etag) => open(at, key, etag),
  };
}

async function head({ client, bucket, signal }: Bucket, key: string): Promise<ObjectInfo | undefined> {
  const command = new HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: 'ENABLED' });
  const doing = `look at ${key}`;
  try {
    const found = await client.send(command, { abortSignal: signal });
    const etag = etagOf(found, doing);
    return {
      etag,
      etagIsMd5: isMd5(etag, found),
      size: found.ContentLength ?? 0,
      checksums: checksumsOf(found),
    };
  } catch (error) {
    if (isMissing(problemOf(error))) return undefined;
    throw explain(error, doing);
  }
}

/**
 * Up to 5 GB in one atomic CopyObject. Metadata, content headers, tags and annotations travel along; the storage class becomes
 * STANDARD and the encryption the bucket's own, because S3 does so unless told otherwise, and a notification does not
 * say what they were: to ask would cost every move a third request. A lifecycle rule on the processed prefix is the
 * place to choose a class. Larger objects need that request anyway and keep both.
 */
async function copy(at: Bucket, request: CopyRequest): Promise<CopyOutcome> {
  const { client, bucket, signal } = at;
  const { from, version, to, replacing } = request;
  if (version.size > MAX_COPY_BYTES) return multipartCopy(at, request);
  const command = new CopyObjectCommand({
    Bucket: bucket,
    Key: to,
    CopySource: copySource(bucket, from),
    CopySourceIfMatch: quoted(version.etag),
    ...(replacing === undefined ? { IfNoneMatch: '*' } : { IfMatch: quoted(replacing) }),
  });
  const doing = `copy it to ${to}`;
  try {
    const { CopyObjectResult } = await client.send(command, { abortSignal: signal });
    etagOf(CopyObjectResult, doing);
    return 'copied';
  } catch (error) {
    const problem = problemOf(error);
    if (isConflict(problem)) return 'conflict';
    if (isUnmet(problem) && /^x-amz-copy-source/i.test(problem.condition ?? '')) return 'sourceChanged';
    if (isUnmet(problem) && /^if-/i.test(problem.condition ?? '')) return 'destinationChanged';
    if (problem.code === 'NoSuchKey' && replacing === undefined) return 'sourceGone';
    // The event was about a smaller version, or wrong about the size: looking again finds the present one.
    if (isTooLarge(problem)) return 'sourceChanged';
    // A 412 that does not say which condition, or a 404 that does not say what is missing, or of which end.
    if (isUnmet(problem) || isMissing(problem)) return whichEnd(at, request);
    throw explain(error, doing);
  }
}

/** What CopyObject copies is complete; a copy in parts gets its annotations afterwards. */
async function finishCopy(
  at: Bucket,
  { from, version, to }: CopyRequest,
  { etag }: ObjectInfo,
): Promise<void> {
  if (version.size <= MAX_COPY_BYTES) return;
  await carryAnnotations(at, { from, versionId: undefined, to, etag });
}

async function whichEnd(at: Bucket, { from, version }: CopyRequest): Promise<CopyOutcome> {
  const source = await head(at, from);
  if (source === undefined) return 'sourceGone';
  return source.etag === version.etag ? 'destinationChanged' : 'sourceChanged';
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html */
const NO_CONTENT = 204;

/** In a versioned bucket the delete leaves a marker: what was uploaded stays restorable until the lifecycle ends it. */
async function remove({ client, bucket, signal }: Bucket, key: string, etag: string): Promise<RemoveOutcome> {
  const command = new DeleteObjectCommand({ Bucket: bucket, Key: key, IfMatch: quoted(etag) });
  try {
    const { $metadata } = await client.send(command, { abortSignal: signal });
    // The answer has no body: its status is the only evidence.
    if ($metadata.httpStatusCode !== NO_CONTENT) {
      throw new RetryableError(`S3 answered ${$metadata.httpStatusCode ?? 'nothing'} to a delete, not 204`);
    }
    return 'removed';
  } catch (error) {
    const problem = problemOf(error);
    if (isMissing(problem)) return 'gone';
    if (isUnmet(problem)) return 'changed';
    if (isConflict(problem)) return 'conflict';
    throw explain(error, 'delete it after its copy was made');
  }
}

async function open(
  { client, bucket, signal }: Bucket,
  key: string,
  etag: string,
): Promise<OpenedObject | 'gone' | 'changed'> {
  const command = new GetObjectCommand({ Bucket: bucket, Key: key, IfMatch: quoted(etag) });
  try {
    const found = await client.send(command, { abortSignal: signal });
    if (etagOf(found, 'open it') !== etag) return 'changed';
    // On Node.js the SDK's body always is a Readable, and its type allows for browsers.
    return { body: found.Body as Readable, contentType: found.ContentType, metadata: found.Metadata ?? {} };
  } catch (error) {
    const problem = problemOf(error);
    if (isMissing(problem)) return 'gone';
    if (isUnmet(problem)) return 'changed';
    throw explain(error, 'open it');
  }
}

/**
 * S3 gives an object the MD5 of its content as ETag, unless it was uploaded in parts (`…-N`) or is encrypted by KMS or
 * with a key of the uploader. https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
 */
const isMd5 = (etag: string, { ServerSideEncryption, SSECustomerAlgorithm }: HeadObjectCommandOutput) =>
  /^[0-9a-f]{32}$/.test(etag) &&
  (ServerSideEncryption ?? 'AES256') === 'AES256' &&
  SSECustomerAlgorithm === undefined;

/** A checksum of a composite is one over its parts' checksums: it depends on how the object was cut. */
function checksumsOf(found: HeadObjectCommandOutput): Record<string, string> {
  if (found.ChecksumType !== 'FULL_OBJECT') return {};
  return Object.fromEntries(
    Object.entries(found).filter(
      (field): field is [string, string] =>
        field[0].startsWith('Checksum') && field[0] !== 'ChecksumType' && typeof field[1] === 'string',
    ),
  );
}
