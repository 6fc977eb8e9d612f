import { setTimeout as sleep } from 'node:timers/promises';
import {
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { Settings } from '../../config/settings';
import { ToolError } from '../lib/errors';
import { engineClientConfig, type Engine } from './client';
import type { Outputs } from './state';

const POLL_MS = 20;
const TIMEOUT_MS = 60_000;
/** How long a sample may still move after a refusal. A permission on the engine changes at once or not at all. */
const AFTER_REFUSAL_MS = 3_000;
const LOOK_MS = 500;

/** A sample that was moved. */
export interface Sample {
  readonly uploadedKey: string;
  readonly processedKey: string;
  /** From the answer to the upload until the moved object was found. */
  readonly movedAfterMs: number;
}

/** A client of an engine on this machine. */
export const s3At = (engine: Engine): S3Client =>
  new S3Client({ ...engineClientConfig(engine), forcePathStyle: true });

/** Whether an engine has a bucket; a state file may list one that the engine has lost. */
export const holdsBucket = (engine: Engine, bucket: string): Promise<boolean> =>
  exists(() => s3At(engine).send(new HeadBucketCommand({ Bucket: bucket })));

/** The conditions that the settings set for an upload to be processed. */
export interface UploadRule {
  readonly suffix?: string | undefined;
  readonly minimumSizeBytes?: number | undefined;
  readonly maximumSizeBytes?: number | undefined;
}

/** The rule in an environment's settings; only the EventBridge trigger has one. */
export const uploadRuleOf = ({ trigger, uploadRule }: Settings): UploadRule =>
  trigger === 'eventbridge' ? uploadRule : {};

const TEXT = 'Hello, pipeline!\n';

/** Name and content of a small file that satisfies the settings. */
export function sampleFile(rule: UploadRule, now: Date): { readonly name: string; readonly body: Buffer } {
  const { suffix = '', minimumSizeBytes = 0, maximumSizeBytes = Infinity } = rule;
  const bytes = Math.min(Math.max(TEXT.length, minimumSizeBytes), maximumSizeBytes);
  return {
    name: `hello-${now.toISOString().slice(0, 19).replaceAll(':', '-')}${suffix === '' ? '.txt' : suffix}`,
    body: Buffer.alloc(bytes, TEXT),
  };
}

export interface SampleProps {
  readonly engine: Engine;
  readonly outputs: Outputs;
  readonly rule: UploadRule;
  readonly signal?: AbortSignal | undefined;
  /** Whether IAM has refused something since the upload, as far as the engine's log says. */
  readonly isRefused: () => Promise<boolean>;
}

/**
 * Uploads a small file and waits until it has moved.
 * @throws {ToolError} if that takes longer than a minute, or IAM refuses something
 */
export async function uploadSample({
  engine,
  outputs,
  rule,
  signal,
  isRefused,
}: SampleProps): Promise<Sample> {
  const s3 = s3At(engine);
  const { upload_bucket: Bucket, upload_prefix: uploadPrefix, processed_prefix: processedPrefix } = outputs;
  const { name, body } = sampleFile(rule, new Date());
  const uploadedKey = `${uploadPrefix}${name}`;
  const processedKey = `${processedPrefix}${name}`;
  await s3.send(new PutObjectCommand({ Bucket, Key: uploadedKey, Body: body, ContentType: 'text/plain' }));
  const uploaded = Date.now();
  let end = uploaded + TIMEOUT_MS;
  let look = uploaded + LOOK_MS;
  while (Date.now() < end) {
    signal?.throwIfAborted();
    if (Date.now() > look) {
      look = Date.now() + LOOK_MS;
      if (await isRefused()) [end, look] = [Math.min(end, look + AFTER_REFUSAL_MS), Infinity];
    }
    const waits = await exists(() => s3.send(new HeadObjectCommand({ Bucket, Key: uploadedKey })));
    if (!waits && (await exists(() => s3.send(new HeadObjectCommand({ Bucket, Key: processedKey }))))) {
      return { uploadedKey, processedKey, movedAfterMs: Date.now() - uploaded };
    }
    await sleep(POLL_MS);
  }
  throw new ToolError(
    `The sample ${uploadedKey} was not moved to ${processedKey} within ${Math.round((Date.now() - uploaded) / 1000)} s.`,
  );
}

async function exists(head: () => Promise<unknown>): Promise<boolean> {
  try {
    await head();
    return true;
  } catch (error) {
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) return false;
    throw error;
  }
}
