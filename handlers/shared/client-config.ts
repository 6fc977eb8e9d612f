/** Environment variables. */
export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Options shared by every AWS client of a Lambda function. Each key given here saves the SDK a lookup in shared
 * configuration files at the first request; Lambda has no such files.
 * docs/adr/0006-bundling.md
 * @param service as in `AWS_ENDPOINT_URL_SERVICE`, e.g. `S3`
 */
export function clientConfig(env: Variables, service: string) {
  return {
    ...(env.AWS_REGION === undefined ? {} : { region: env.AWS_REGION }),
    retryMode: 'standard',
    defaultsMode: 'standard' as const,
    // No request timeout, because some answers take minutes: the deadline's signal ends a request.
    requestHandler: { connectionTimeout: 2_000 },
    cacheMiddleware: true,
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    authSchemePreference: ['sigv4'],
    userAgentAppId: () => Promise.resolve(undefined),
    ignoreConfiguredEndpointUrls: ownEndpoint(env, service) === undefined,
  };
}

/** The endpoint that replaces AWS's own (the local engine, a test); undefined if there is none. */
export const ownEndpoint = (env: Variables, service: string): string | undefined =>
  env[`AWS_ENDPOINT_URL_${service}`] ?? env.AWS_ENDPOINT_URL;
