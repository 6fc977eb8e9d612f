import type { Environment } from './environment';

/** Options of a tool's AWS clients: the environment's region; credentials and endpoint come from the variables as usual. */
export function clientConfig({ region }: { readonly region?: string }, env: Environment = process.env) {
  return {
    ...(region !== undefined && { region }),
    maxAttempts: 5, // a person waits, and prefers a longer wait to an error
    ...(env.AWS_ENDPOINT_URL !== undefined && { forcePathStyle: true }), // an engine has no host name per bucket
  };
}
