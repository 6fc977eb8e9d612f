import type { Dependencies } from '../../handlers/process-upload/handle-event';
import { s3Store } from '../../handlers/process-upload/s3-store';
import { UploadMetrics } from '../../handlers/process-upload/upload-metrics';
import { fakeClient } from './fake-client';
import { S3Model } from './s3-model';

/** Everything the handler needs, quiet and without an end; the bucket is empty unless given. */
export function dependencies(overrides: Partial<Dependencies> = {}): Dependencies {
  return {
    environment: {
      uploadPrefix: 'uploads/',
      processedPrefix: 'processed/',
      onExisting: 'replace',
      logLevel: 'INFO',
    },
    openStore: storeOf(new S3Model()),
    processUpload: () => undefined,
    log: { info: () => undefined, error: () => undefined },
    uploadMetrics: new UploadMetrics(),
    deadline: { stop: new AbortController().signal, giveUp: new AbortController().signal },
    backOff: () => Promise.resolve(),
    now: () => 0,
    ...overrides,
  };
}

/** The real adapter on a client with the model behind it. */
export const storeOf =
  (model: S3Model): Dependencies['openStore'] =>
  (bucket, signal) =>
    s3Store({ client: fakeClient(model).client, bucket, signal });
