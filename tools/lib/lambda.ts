import { LambdaClient } from '@aws-sdk/client-lambda';
import type { Settings } from '../../config/settings';

/**
 * The Lambda client of a tool. Region, credentials and the local engine's endpoint come from the environment. It does
 * not retry, because a repeated call may run a function twice.
 */
export const lambdaClientFor = ({ region, awsProvider: { localEndpoint } }: Settings): LambdaClient =>
  new LambdaClient({
    region,
    maxAttempts: 1,
    ...(localEndpoint !== undefined && { endpoint: localEndpoint }),
  });

/** A function's name without its version or alias: `NAME:live` -> `NAME`. */
export const bareName = (functionName: string): string => functionName.split(':', 1)[0] ?? functionName;
