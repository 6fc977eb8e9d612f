import { Readable } from 'node:stream';
import { deadline } from '../shared/deadline';
import type { s3ClientConfig } from '../shared/s3-client';
import { uploadEvent } from '../shared/upload-event';
import type { Environment } from './environment';
import { handleEvent } from './handle-event';
import { quickClient } from './quick-client';
import { s3Store } from './s3-store';
import { UploadMetrics } from './upload-metrics';

const ETAG = 'd41d8cd98f00b204e9800998ecf8427e';
const COPIED = `<CopyObjectResult><ETag>&quot;${ETAG}&quot;</ETag></CopyObjectResult>`;
/** More than it takes; the timers are cleared. */
const TIME_MS = 60_000;

/**
 * Moves an upload that does not exist by answers that are made up: no request leaves the process. Node.js compiles a
 * function when it first runs. At init that takes a fraction of the time, because an init has full CPU, and an invocation
 * the share of the function's memory.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 *
 * It waits for nothing but promises, so it is over before Lambda's runtime asks for the first event. The team's own step
 * has no part in it. It never fails: where it cannot go on, the first move takes longer.
 */
export async function rehearse(
  environment: Environment,
  config: ReturnType<typeof s3ClientConfig>,
): Promise<void> {
  const client = quickClient(config, answers);
  const time = deadline(TIME_MS);
  const upload = {
    key: `${environment.uploadPrefix}rehearsal`,
    size: 1,
    etag: ETAG,
    lastModified: new Date(0),
  };
  try {
    await handleEvent(uploadEvent('rehearsal', upload), {
      environment,
      openStore: (bucket, signal) => s3Store({ client, bucket, signal }),
      processUpload: () => undefined,
      log: { info: () => undefined, error: () => undefined },
      uploadMetrics: new UploadMetrics(),
      deadline: time,
      backOff: () => Promise.resolve(),
      now: () => 0,
    });
  } catch {
    // Only speed is lost.
  } finally {
    time.end();
  }
}

/** Stands for the network: S3's answers to a copy and a delete. */
const answers = {
  handle: ({ method }: { method: string }) => {
    const [statusCode, body] = method === 'PUT' ? [200, COPIED] : [204, ''];
    const headers = { 'content-type': 'application/xml' };
    return Promise.resolve({ response: { statusCode, headers, body: Readable.from([Buffer.from(body)]) } });
  },
  updateHttpClientConfig: () => undefined,
  httpHandlerConfigs: () => ({}),
};
