import { setTimeout } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context, SQSBatchResponse } from 'aws-lambda';
import { backOffMilliseconds } from '../shared/back-off';
import { deadline } from '../shared/deadline';
import { s3ClientConfig } from '../shared/s3-client';
import { readEnvironment } from './environment';
import { handleEvent } from './handle-event';
import type { ProcessUpload } from './process-upload';
import { quickClient } from './quick-client';
import { rehearse } from './rehearsal';
import { s3Store } from './s3-store';
import { UploadMetrics } from './upload-metrics';

/** The handler of a function that moves uploads. */
export type Mover = (event: unknown, context: Context) => Promise<SQSBatchResponse | undefined>;

/**
 * The handler that moves what was uploaded, after `processUpload` has had it. Call it once, at module scope: what is read
 * and made here serves all the invocations of an execution environment.
 *
 * Invoked asynchronously: what it throws, Lambda tries again, twice, and then keeps the event in the failure queue; an
 * event from which it returns is done. Invoked with a batch of a queue, it returns the ids of the messages that go back;
 * after the queue's last attempt they are kept in the same failure queue.
 * @param serviceName names its log lines and metrics
 * @param options.rehearsal whether init rehearses a move (rehearsal.ts): a shorter first invocation for a longer init
 */
export function moverOf(
  serviceName: string,
  processUpload: ProcessUpload,
  { rehearsal = true }: { readonly rehearsal?: boolean } = {},
): Mover {
  const environment = readEnvironment(process.env);
  const config = s3ClientConfig(process.env);
  const client = quickClient(config);
  const logger = new Logger({ serviceName, logLevel: environment.logLevel });
  const metrics = new Metrics({
    serviceName,
    namespace: process.env.POWERTOOLS_METRICS_NAMESPACE ?? 'UploadPipeline',
  });
  const rehearsed = rehearsal ? rehearse(environment, config) : undefined;
  return async (event, context) => {
    await rehearsed;
    logger.addContext(context);
    const uploadMetrics = new UploadMetrics();
    const time = deadline(context.getRemainingTimeInMillis());
    try {
      return await handleEvent(event, {
        environment,
        openStore: (bucket, signal) =>
          s3Store({ client, bucket, signal, timeLeft: () => context.getRemainingTimeInMillis() }),
        processUpload,
        log: logger,
        uploadMetrics,
        deadline: time,
        backOff: (nth, signal) => setTimeout(backOffMilliseconds(nth), undefined, { signal }),
        now: () => Math.round(performance.now()),
      });
    } finally {
      time.end();
      publish(metrics, uploadMetrics);
    }
  };
}

function publish(metrics: Metrics, uploadMetrics: UploadMetrics): void {
  const counts = uploadMetrics.entries();
  for (const [name, count] of counts) {
    metrics.addMetric(name, name === 'BytesMoved' ? MetricUnit.Bytes : MetricUnit.Count, count);
  }
  if (counts.length > 0) metrics.publishStoredMetrics();
}
