import { setTimeout } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import type { BatchResponse } from '../shared/batch-response';
import { readJobs, workOff } from '../shared/jobs';
import type { InvokedAnswer } from './contract';
import { readEnvironment } from './environment';
import { isAnswerNotKept, unguarded, type Guard } from './guard';
import { handleEvent, type Dependencies } from './handle-event';

// Module scope: initialized once per execution environment and shared by its invocations.
const environment = readEnvironment(process.env);
const logger = new Logger({ serviceName: 'invoked', logLevel: environment.logLevel });
const guardOf = environment.guard && loadGuard(environment.guard);

/**
 * Runs one job per direct call, or a batch of jobs from a queue or a stream. Replace the body of handle-event.ts;
 * contract.ts defines request and answer.
 * @returns the answer for a caller; for a queue or a stream, the jobs to retry
 */
export async function handler(event: unknown, context: Context): Promise<InvokedAnswer | BatchResponse> {
  logger.addContext(context);
  const guard = (await guardOf)?.(context) ?? unguarded;
  const jobs = readJobs(event);
  // One logger per job: concurrent jobs would mix their keys, and a shared logger would keep the keys of the last call.
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

/** Loads the guard's code at init, and only with a guard: it is six times as large as the rest. */
async function loadGuard(guard: NonNullable<typeof environment.guard>): Promise<(context: Context) => Guard> {
  const { dynamoDbGuard } = await import('./lazy/dynamodb-guard');
  return dynamoDbGuard(guard, process.env);
}

/** A batch needs only the fact that a job is done, not its answer. */
function unlessDone(error: unknown): void {
  if (!isAnswerNotKept(error)) throw error;
}
