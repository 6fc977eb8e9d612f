import { Logger } from '@aws-lambda-powertools/logger';
import { LambdaClient } from '@aws-sdk/client-lambda';
import type { Context } from 'aws-lambda';
import { invokeDependencies } from '../shared/invoke-dependencies';
import { lambdaClientConfig } from '../shared/lambda-client';
import { readEnvironment } from './environment';
import { handleEvent, type Outcome } from './handle-event';

// Module scope: initialized once per execution environment and shared by its invocations.
const environment = readEnvironment(process.env);
const client = new LambdaClient(lambdaClientConfig(process.env));
const logger = new Logger({ serviceName: 'caller', logLevel: environment.logLevel });

/** A function that calls another one. Replace the body of handle-event.ts; keep shared/invoke.ts. */
export function handler(event: unknown, context: Context): Promise<Outcome> {
  logger.addContext(context);
  return handleEvent(event, {
    environment,
    requestId: context.awsRequestId,
    log: logger,
    calls: (correlationId) =>
      invokeDependencies(
        client,
        correlationId,
        context.getRemainingTimeInMillis(),
        environment.maxEventBytes,
      ),
  });
}
