/** Environment variables. */
export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * What every AWS client of a Lambda function has in common. A key that is given here is a lookup in shared
 * configuration files that does not run at the first request: there are no such files in Lambda.
 * docs/adr/0006-bundling.md
 * @param service as in `AWS_ENDPOINT_URL_SERVICE`, e.g. `S3`
 */
export function clientConfig(env: Variables, service: string) {
  return {
    ...(env.AWS_REGION === undefined ? {} : { region: env.AWS_REGION }),
    retryMode: 'standard',
    defaultsMode: 'standard' as const,
    // Some answers take minutes, so there is no request timeout: the deadline's signal ends a request.
    requestHandler: { connectionTimeout: 2_000 },
    cacheMiddleware: true,
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    authSchemePreference: ['sigv4'],
    userAgentAppId: () => Promise.resolve(undefined),
    ignoreConfiguredEndpointUrls: ownEndpoint(env, service) === undefined,
  };
}

/** The endpoint that stands in for AWS's own (the local engine, a test), where there is one. */
export const ownEndpoint = (env: Variables, service: string): string | undefined =>
  env[`AWS_ENDPOINT_URL_${service}`] ?? env.AWS_ENDPOINT_URL;
