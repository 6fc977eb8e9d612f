import { setTimeout } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import type { BatchResponse } from '../shared/batch-response';
import { readJobs, workOff } from '../shared/jobs';
import type { InvokedAnswer } from './contract';
import { readEnvironment } from './environment';
import { isAnswerNotKept, unguarded, type Guard } from './guard';
import { handleEvent, type Dependencies } from './handle-event';

// At module scope: read and made once for all the invocations of an execution environment.
const environment = readEnvironment(process.env);
const logger = new Logger({ serviceName: 'invoked', logLevel: environment.logLevel });
const guardOf = environment.guard && loadGuard(environment.guard);

/**
 * The function that others call, one job at a time, or that a queue or a stream brings jobs in batches. Replace what
 * handle-event.ts does; contract.ts says what goes in and out.
 * @returns the answer to a caller; to a queue or a stream, the jobs that come again
 */
export async function handler(event: unknown, context: Context): Promise<InvokedAnswer | BatchResponse> {
  logger.addContext(context);
  const guard = (await guardOf)?.(context) ?? unguarded;
  const jobs = readJobs(event);
  // A logger each: the keys of jobs that run side by side would mix, and those of one call would stay for the next.
  if (jobs === undefined) return handleEvent(event, dependencies(context, guard, logger.createChild()));
  return workOff(jobs, async ({ id, identity, event: read }) => {
    const log = logger.createChild({ persistentKeys: { correlationId: id } });
    try {
      const own = { ...dependencies(context, guard, log), correlationId: id, identity };
      await handleEvent(read(), own).catch(unlessDone);
    } catch (error) {
      log.error('failed', { jobId: id, error: error instanceof Error ? error : String(error) });
      throw error;
    }
  });
}

const dependencies = ({ awsRequestId }: Context, guard: Guard, log: Logger): Dependencies => ({
  environment,
  requestId: awsRequestId,
  guard,
  log,
  sleep: setTimeout,
});

/** Loads the guard's code, six times the rest, at init, and only where there is a guard. */
async function loadGuard(guard: NonNullable<typeof environment.guard>): Promise<(context: Context) => Guard> {
  const { dynamoDbGuard } = await import('./lazy/dynamodb-guard');
  return dynamoDbGuard(guard, process.env);
}

/** A batch asks only whether a job is done, not for its answer. */
function unlessDone(error: unknown): void {
  if (!isAnswerNotKept(error)) throw error;
}
