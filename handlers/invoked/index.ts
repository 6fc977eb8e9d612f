import { setTimeout } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import type { BatchResponse } from '../shared/batch-response';
import { readJobs, workOff } from '../shared/jobs';
import type { InvokedAnswer } from './contract';
import { readEnvironment } from './environment';
import { handleEvent, type World } from './handle-event';

// At module scope: read and made once for all the invocations of an execution environment.
const environment = readEnvironment(process.env);
const logger = new Logger({ serviceName: 'invoked', logLevel: environment.logLevel });

/**
 * The function that others call, one job at a time, or that a queue or a stream brings jobs in batches. Replace what
 * handle-event.ts does; contract.ts says what goes in and out.
 * @returns the answer to a caller; to a queue or a stream, the jobs that come again
 */
export async function handler(event: unknown, context: Context): Promise<InvokedAnswer | BatchResponse> {
  logger.addContext(context);
  const jobs = readJobs(event);
  if (jobs === undefined) return handleEvent(event, world(context, logger));
  return workOff(
    jobs,
    // A logger each: their keys would mix, because jobs run side by side.
    (job) => handleEvent(job.event(), { ...world(context, logger.createChild()), correlationId: job.id }),
    ({ id }, error) => {
      logger.error('failed', { jobId: id, error: error instanceof Error ? error : String(error) });
    },
  );
}

const world = ({ awsRequestId }: Context, log: Logger): World => ({
  environment,
  requestId: awsRequestId,
  log,
  sleep: setTimeout,
});
