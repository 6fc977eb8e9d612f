import type { LambdaClientConfig } from '@aws-sdk/client-lambda';
import { clientConfig, type Variables } from './client-config';

/** The Lambda client of a Lambda function. */
export function lambdaClientConfig(env: Variables): LambdaClientConfig {
  return {
    ...clientConfig(env, 'LAMBDA'),
    // Not 3, the SDK's default: it repeats what timed out or lost its connection, and the callee runs once more each time.
    maxAttempts: 1,
  };
}
