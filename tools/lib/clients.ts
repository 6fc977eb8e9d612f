import type { Environment } from './environment';

/** What every AWS client of a tool is given; region, credentials and endpoint come from the environment as usual. */
export function clientConfig(env: Environment = process.env) {
  return {
    maxAttempts: 5, // a person waits: better a little longer than an error
    ...(env.AWS_ENDPOINT_URL !== undefined && { forcePathStyle: true }), // an engine has no host name for each bucket
  };
}
