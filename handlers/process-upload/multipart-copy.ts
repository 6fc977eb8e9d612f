import { setMaxListeners } from 'node:events';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  UploadPartCopyCommand,
  type CompletedPart,
} from '@aws-sdk/client-s3';
import { mapConcurrent } from '../shared/map-concurrent';
import { carryAnnotations } from './annotations';
import { carriedOver } from './carried-over';
import { requireTime } from './copy-time';
import { etagOf, proven } from './evidence';
import { planParts, type Part } from './multipart';
import type { Bucket, CopyOutcome, CopyRequest } from './object-store';
import { explain, isConflict, isMissing, isUnmet, problemOf } from './s3-errors';
import { copySource, quoted } from './wire';

/** Parts copied side by side: S3 copies them itself, so this costs us sockets and no bandwidth. */
const PARTS_AT_ONCE = 16;

/** How long tidying up may take. The deadline's margin (handlers/shared/deadline.ts) leaves a little more. */
const ABORT_MILLISECONDS = 300;

interface Upload extends Bucket {
  readonly request: CopyRequest;
  readonly uploadId: string;
  /** S3's id of the source's version; undefined: the bucket keeps none. */
  readonly versionId: string | undefined;
}

/**
 * CopyObject for what is larger than it takes: every part is copied under the condition that the source still is the
 * version, and the whole appears at once, under the same condition on the destination.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/CopyingObjectsMPUapi.html
 */
export async function multipartCopy(at: Bucket, request: CopyRequest): Promise<CopyOutcome> {
  const { client, bucket, signal } = at;
  const { from, version, to, replacing } = request;
  const parts = planParts(version.size);
  const doing = `copy it in ${parts.length} parts to ${to}`;
  try {
    const source = await client.send(
      new HeadObjectCommand({ Bucket: bucket, Key: from, IfMatch: quoted(version.etag) }),
      { abortSignal: signal },
    );
    // An event may be wrong about the size, and a part of the object must not pass for all of it.
    if (source.ContentLength !== version.size) return 'sourceChanged';
    // Only the completion is conditional: a duplicate event must not copy for minutes to learn that nothing is to do.
    if (replacing === undefined && (await exists(at, to))) return 'destinationChanged';
    const create = new CreateMultipartUploadCommand({
      Bucket: bucket,
      Key: to,
      ...(await carriedOver(at, from, source)),
      // A checksum over the whole object is what proves, after a crash, that the copy is the source.
      ChecksumAlgorithm: 'CRC64NVME',
      ChecksumType: 'FULL_OBJECT',
    });
    const { UploadId } = await client.send(create, { abortSignal: signal });
    const uploadId = proven(UploadId, 'the id of a multipart upload', doing);
    return await copyParts({ ...at, request, uploadId, versionId: source.VersionId }, parts);
  } catch (error) {
    const problem = problemOf(error);
    if (isMissing(problem)) return 'sourceGone';
    if (isUnmet(problem)) return 'sourceChanged';
    throw explain(error, doing);
  }
}

async function copyParts(upload: Upload, parts: readonly Part[]): Promise<CopyOutcome> {
  let completed = false;
  try {
    const copied = await copyAll(upload, parts);
    const outcome = await complete(upload, copied);
    if (outcome === 'destinationChanged') return outcome;
    completed = true;
    const { request, versionId } = upload;
    await carryAnnotations(upload, { from: request.from, versionId, to: request.to, etag: outcome.etag });
    return 'copied';
  } catch (error) {
    const problem = problemOf(error);
    if (isConflict(problem)) return 'conflict';
    // A 404 without a body: S3 would say that it is the source that is missing.
    if (problem.code === 'NotFound') throw explain(error, `copy its parts to ${upload.request.to}`);
    throw error;
  } finally {
    if (!completed) await abort(upload);
  }
}

/** The first part that fails ends the others: the upload is given up as a whole. */
async function copyAll(upload: Upload, parts: readonly Part[]): Promise<CompletedPart[]> {
  const failed = new AbortController();
  const signal = AbortSignal.any([upload.signal, failed.signal]);
  setMaxListeners(Infinity, signal); // every part listens
  const { bucket, request, timeLeft = () => Number.MAX_SAFE_INTEGER } = upload;
  const took: number[] = [];
  return mapConcurrent(parts, PARTS_AT_ONCE, async (part) => {
    try {
      const left = timeLeft();
      const copied = await copyPart(upload, part, signal);
      took.push(left - timeLeft());
      const { from, to } = request;
      requireTime({ bucket, from, to, parts: parts.length, took, atOnce: PARTS_AT_ONCE, leftMs: timeLeft() });
      return copied;
    } catch (error) {
      failed.abort();
      throw error;
    }
  });
}

async function copyPart(upload: Upload, part: Part, signal: AbortSignal): Promise<CompletedPart> {
  const { client, bucket, uploadId, request } = upload;
  const command = new UploadPartCopyCommand({
    Bucket: bucket,
    Key: request.to,
    UploadId: uploadId,
    PartNumber: part.number,
    CopySource: copySource(bucket, request.from),
    CopySourceIfMatch: quoted(request.version.etag),
    CopySourceRange: `bytes=${part.first}-${part.last}`,
  });
  const { CopyPartResult } = await client.send(command, { abortSignal: signal });
  const etag = etagOf(CopyPartResult, `copy part ${part.number} to ${request.to}`);
  return {
    PartNumber: part.number,
    ETag: quoted(etag),
    ChecksumCRC64NVME: CopyPartResult?.ChecksumCRC64NVME,
  };
}

async function complete(
  upload: Upload,
  parts: CompletedPart[],
): Promise<{ etag: string } | 'destinationChanged'> {
  const { client, bucket, signal, uploadId, request } = upload;
  const command = new CompleteMultipartUploadCommand({
    Bucket: bucket,
    Key: request.to,
    UploadId: uploadId,
    MultipartUpload: { Parts: parts },
    ChecksumType: 'FULL_OBJECT',
    ...(request.replacing === undefined ? { IfNoneMatch: '*' } : { IfMatch: quoted(request.replacing) }),
  });
  try {
    const etag = etagOf(
      await client.send(command, { abortSignal: signal }),
      `complete the copy to ${request.to}`,
    );
    return { etag };
  } catch (error) {
    // Both can only mean the destination here: the source has been read to its end.
    const problem = problemOf(error);
    if (isUnmet(problem) || isMissing(problem)) return 'destinationChanged';
    throw error;
  }
}

/** Has a signal of its own: the one of the request may be what ended it. */
async function abort({ client, bucket, request, uploadId }: Upload): Promise<void> {
  const command = new AbortMultipartUploadCommand({ Bucket: bucket, Key: request.to, UploadId: uploadId });
  try {
    await client.send(command, { abortSignal: AbortSignal.timeout(ABORT_MILLISECONDS) });
  } catch {
    // Why the copy failed matters more; what is left of it, the bucket's lifecycle removes.
  }
}

async function exists({ client, bucket, signal }: Bucket, key: string): Promise<boolean> {
  try {
    await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal });
    return true;
  } catch (error) {
    if (isMissing(problemOf(error))) return false;
    throw explain(error, `look at ${key}`);
  }
}
