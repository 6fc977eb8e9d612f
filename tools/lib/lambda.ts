import { LambdaClient } from '@aws-sdk/client-lambda';
import type { Settings } from '../../config/settings';

/**
 * The Lambda client of a tool: the environment's region, a local engine where it has one, and the person's own
 * credentials. It repeats nothing by itself, because a repeated call may run a function twice.
 */
export const lambdaClientFor = ({ region, awsProvider: { localEndpoint } }: Settings): LambdaClient =>
  new LambdaClient({
    region,
    maxAttempts: 1,
    ...(localEndpoint !== undefined && { endpoint: localEndpoint }),
  });

/** A function's name without its version or alias: `NAME:live` -> `NAME`. */
export const bareName = (functionName: string): string => functionName.split(':', 1)[0] ?? functionName;
