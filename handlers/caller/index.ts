import { Logger } from '@aws-lambda-powertools/logger';
import { LambdaClient } from '@aws-sdk/client-lambda';
import type { Context } from 'aws-lambda';
import { invokeDependencies } from '../shared/invoke-dependencies';
import { lambdaClientConfig } from '../shared/lambda-client';
import { readEnvironment } from './environment';
import { handleEvent, type Outcome } from './handle-event';

// At module scope: read and made once for all the invocations of an execution environment.
const environment = readEnvironment(process.env);
const client = new LambdaClient(lambdaClientConfig(process.env));
const logger = new Logger({ serviceName: 'caller', logLevel: environment.logLevel });

/** A function that calls another one. Replace what handle-event.ts does; shared/invoke.ts stays. */
export function handler(event: unknown, context: Context): Promise<Outcome> {
  logger.addContext(context);
  return handleEvent(event, {
    environment,
    requestId: context.awsRequestId,
    log: logger,
    calls: (correlationId) => invokeDependencies(client, correlationId, context.getRemainingTimeInMillis()),
  });
}
