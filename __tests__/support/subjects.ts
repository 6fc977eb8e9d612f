import { CopyObjectCommand, DeleteObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { handleEvent } from '../../handlers/process-upload/handle-event';
import type { Prefixes } from '../../handlers/process-upload/prefixes';
import { s3Store } from '../../handlers/process-upload/s3-store';
import { UploadMetrics } from '../../handlers/process-upload/upload-metrics';
import { s3Event, type S3Object } from './events';
import type { Mode } from './promises';

/** What a schedule gives to the code under it. */
export interface Hooks {
  readonly backOff: () => Promise<void>;
  /** The team's own step has seen this version. */
  readonly prepared: (etag: string) => void;
}

/** What the event says of the upload. */
type Announced = S3Object & { etag: string };

/** Something that claims to move an upload. */
export type Subject = (object: Announced, mode: Mode, client: S3Client, hooks: Hooks) => Promise<void>;

/** The handler as it is deployed with these prefixes, without its shell. */
export const moverWith =
  (prefixes: Prefixes): Subject =>
  async (object, onExisting, client, { backOff, prepared }) => {
    await handleEvent(s3Event(object), {
      environment: { ...prefixes, onExisting, logLevel: 'INFO' },
      openStore: (bucket, signal) => s3Store({ client, bucket, signal }),
      processUpload: ({ etag }) => {
        prepared(etag);
      },
      log: { info: () => undefined, error: () => undefined },
      uploadMetrics: new UploadMetrics(),
      deadline: { stop: new AbortController().signal, giveUp: new AbortController().signal },
      backOff,
      now: () => 0,
    });
  };

export const mover = moverWith({ uploadPrefix: 'uploads/', processedPrefix: 'processed/' });

/** The handler, with a client that leaves the given conditions out of its requests. */
export const without =
  (...conditions: string[]): Subject =>
  (object, mode, client, hooks) => {
    const send = (command: { input: Record<string, unknown> }, options: unknown) => {
      for (const condition of conditions) command.input[condition] = undefined;
      return client.send(command as never, options as never);
    };
    return mover(object, mode, { send } as unknown as S3Client, hooks);
  };

/** What tutorials have: copy, then delete, and whatever is there. */
export const naive: Subject = async ({ key, etag }, _mode, client, { prepared }) => {
  prepared(etag);
  const to = key.replace(/^uploads/, 'processed');
  try {
    await client.send(new CopyObjectCommand({ Bucket: 'b', Key: to, CopySource: `b/${key}` }));
    await client.send(new DeleteObjectCommand({ Bucket: 'b', Key: key }));
  } catch (error) {
    // A duplicate finds nothing.
    if (!(error instanceof Error && error.name === 'NoSuchKey')) throw error;
  }
};
