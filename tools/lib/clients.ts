import type { Environment } from './environment';

/** Options of a tool's AWS clients; region, credentials and endpoint come from the environment as usual. */
export function clientConfig(env: Environment = process.env) {
  return {
    maxAttempts: 5, // a person waits, and prefers a longer wait to an error
    ...(env.AWS_ENDPOINT_URL !== undefined && { forcePathStyle: true }), // an engine has no host name per bucket
  };
}
