import { setTimeout } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import type { InvokedAnswer } from './contract';
import { readEnvironment } from './environment';
import { handleEvent } from './handle-event';

// At module scope: read and made once for all the invocations of an execution environment.
const environment = readEnvironment(process.env);
const logger = new Logger({ serviceName: 'invoked', logLevel: environment.logLevel });

/** The function that others call. Replace what handle-event.ts does; contract.ts says what goes in and out. */
export function handler(event: unknown, context: Context): Promise<InvokedAnswer> {
  logger.addContext(context);
  return handleEvent(event, {
    environment,
    requestId: context.awsRequestId,
    log: logger,
    sleep: setTimeout,
  });
}
