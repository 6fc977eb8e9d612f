import { setTimeout } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { clientConfig } from '../shared/client-config';
import { deadline } from '../shared/deadline';
import { pace } from '../shared/pace';
import { s3ClientConfig } from '../shared/s3-client';
import { resubmit, isStopped } from './resubmit';
import { readEnvironment } from './environment';
import { judge } from './judge';
import { s3Note } from './note';
import { run } from './run';
import { listUploads } from './prefix-listing';
import type { Found } from './sweep';

/** What must be left of the function's time to begin another batch. */
const RESERVE_MILLISECONDS = 10_000;
/** What must be left of it when requests under way are aborted, to note how far the sweep came. */
const NOTE_MILLISECONDS = 4_000;
const MILLISECONDS_PER_MINUTE = 60_000;

// At module scope: read and made once for all the invocations of an execution environment.
// A second pipeline's sweep counts under a name of its own.
const serviceName = process.env.POWERTOOLS_SERVICE_NAME ?? 'sweep';
const environment = readEnvironment(process.env);
const { bucket, processUploadFunction, uploadQueueUrl } = environment;
const s3 = new S3Client(s3ClientConfig(process.env));
const lambda = new LambdaClient({
  ...clientConfig(process.env, 'LAMBDA'),
  // More than one: a resubmission too many does no harm, and where Lambda throttles them the SDK waits.
  maxAttempts: 5,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
});
/** Where uploads come by a queue, resubmitted ones wait their turn there, too. */
const queue = uploadQueueUrl === undefined ? undefined : loadQueue(uploadQueueUrl);
const logger = new Logger({ serviceName, logLevel: environment.logLevel });
const metrics = new Metrics({
  serviceName,
  namespace: process.env.POWERTOOLS_METRICS_NAMESPACE ?? 'UploadPipeline',
});

/** Resubmits uploads that were left behind. Scheduled, and so invoked asynchronously: what it throws, Lambda tries again. */
export async function handler(_event: unknown, context: Context): Promise<void> {
  logger.addContext(context);
  const pipeline = { client: s3, bucket, prefixes: environment };
  const clock = { now: () => Date.now(), sleep: (milliseconds: number) => setTimeout(milliseconds) };
  const time = deadline(context.getRemainingTimeInMillis() - NOTE_MILLISECONDS);
  await run(
    {
      list: (position) => listUploads(pipeline, position, time.stop),
      judge: (object) => judge(bucket, object, environment),
      resubmit: async (object) => {
        const send = await queue;
        if (send) await send(bucket, object, time.stop);
        else await resubmit(lambda, processUploadFunction, bucket, object, time.stop);
      },
      isStopped: () => isStopped(lambda, processUploadFunction),
      pace: pace(environment.maximumPerSecond, clock),
      now: clock.now,
      mustStop: () => context.getRemainingTimeInMillis() < RESERVE_MILLISECONDS,
      note: s3Note(s3, { bucket, key: environment.noteKey, prefixes: environment }),
      publish,
      log: logger,
    },
    {
      olderThanMs: environment.olderThanMinutes * MILLISECONDS_PER_MINUTE,
      maximumPerSecond: environment.maximumPerSecond,
    },
  ).finally(() => {
    time.end();
  });
}

async function loadQueue(queueUrl: string) {
  const { uploadQueue } = await import('./lazy/upload-queue');
  return uploadQueue(queueUrl, process.env);
}

/** Zeros too: a sweep that found nothing says so, or its silence would look like a sweep that does not run. */
function publish({ waiting, resubmitted, oldestMs }: Found): void {
  metrics.addMetric('UploadsWaiting', MetricUnit.Count, waiting);
  metrics.addMetric('UploadsResubmitted', MetricUnit.Count, resubmitted);
  metrics.addMetric('OldestUploadAgeSeconds', MetricUnit.Seconds, Math.round(oldestMs / 1000));
  metrics.publishStoredMetrics();
}
