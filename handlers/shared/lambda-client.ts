import type { LambdaClientConfig } from '@aws-sdk/client-lambda';
import { clientConfig, type Variables } from './client-config';

/** The Lambda client of a Lambda function. */
export function lambdaClientConfig(env: Variables): LambdaClientConfig {
  return {
    ...clientConfig(env, 'LAMBDA'),
    // Not 3, the SDK's default: it retries after a timeout or a lost connection, and may run the callee again each time.
    maxAttempts: 1,
  };
}
