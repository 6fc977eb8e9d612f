import {
  GetObjectAnnotationCommand,
  ListObjectAnnotationsCommand,
  PutObjectAnnotationCommand,
  type ListObjectAnnotationsCommandOutput,
} from '@aws-sdk/client-s3';
import { mapConcurrent } from '../shared/map-concurrent';
import { proven } from './evidence';
import type { Bucket } from './object-store';
import { explain, isUnmet, problemOf } from './s3-errors';
import { quoted } from './wire';

/** Payloads of up to 1 MiB in memory at a time. */
const AT_ONCE = 8;

/** The two ends of a copy that was made in parts. */
export interface AnnotatedCopy {
  readonly from: string;
  /** S3's id of the version that was copied; undefined: the bucket keeps none. */
  readonly versionId: string | undefined;
  readonly to: string;
  /** The copy's ETag. */
  readonly etag: string;
}

/**
 * Carries an object's annotations over to its copy. CopyObject does so by itself; a copy in parts leaves them behind,
 * and they can be written only when the copy is there. It may be done again at any time: the same names are written.
 *
 * An end that others have changed meanwhile is left alone: the move's next step finds out.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/annotations-overview.html
 */
export async function carryAnnotations(at: Bucket, copy: AnnotatedCopy): Promise<void> {
  try {
    let page: ListObjectAnnotationsCommandOutput | undefined;
    do {
      page = await list(at, copy, page?.NextContinuationToken);
      const names = (page.Annotations ?? []).map(({ AnnotationName = '' }) => AnnotationName);
      await mapConcurrent(names, AT_ONCE, (name) => carry(at, copy, name));
    } while (page.NextContinuationToken !== undefined);
  } catch (error) {
    const problem = problemOf(error);
    // Gone, or another: the upload or its copy. 501: a region, or an engine, without annotations.
    if (problem.status === 404 || problem.status === 501 || isUnmet(problem)) return;
    throw explain(error, `carry its annotations over to ${copy.to}`);
  }
}

const list = (
  { client, bucket, signal }: Bucket,
  { from }: AnnotatedCopy,
  ContinuationToken: string | undefined,
): Promise<ListObjectAnnotationsCommandOutput> =>
  client.send(new ListObjectAnnotationsCommand({ Bucket: bucket, Key: from, ContinuationToken }), {
    abortSignal: signal,
  });

async function carry(at: Bucket, copy: AnnotatedCopy, AnnotationName: string): Promise<void> {
  const { client, bucket, signal } = at;
  const payload = await read(at, copy, AnnotationName);
  if (payload === undefined) return;
  const command = new PutObjectAnnotationCommand({
    Bucket: bucket,
    Key: copy.to,
    AnnotationName,
    AnnotationPayload: payload,
    ObjectIfMatch: quoted(copy.etag),
  });
  const { ETag } = await client.send(command, { abortSignal: signal });
  proven(ETag, 'an ETag', `write the annotation ${AnnotationName} to ${copy.to}`);
}

/** @returns undefined: that version of the object has none of this name any more */
async function read(
  { client, bucket, signal }: Bucket,
  copy: AnnotatedCopy,
  AnnotationName: string,
): Promise<Uint8Array | undefined> {
  const command = new GetObjectAnnotationCommand({ Bucket: bucket, Key: copy.from, AnnotationName });
  try {
    const { AnnotationPayload, ObjectVersionId } = await client.send(command, { abortSignal: signal });
    return isSame(ObjectVersionId, copy) ? await AnnotationPayload?.transformToByteArray() : undefined;
  } catch (error) {
    if (problemOf(error).code === 'NoSuchAnnotation') return undefined;
    throw error;
  }
}

/** Where S3 does not say of which version an annotation is, nothing speaks against it. */
const isSame = (versionId: string | undefined, copy: AnnotatedCopy): boolean =>
  versionId === undefined || copy.versionId === undefined || versionId === copy.versionId;
