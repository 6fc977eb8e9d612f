import type { S3ClientConfig } from '@aws-sdk/client-s3';

/**
 * The S3 client of a Lambda function. A key that is given here is a lookup in shared configuration files that does
 * not run at the first request: there are no such files in Lambda. docs/adr/0006-bundling.md
 */
export function s3ClientConfig(env: Readonly<Record<string, string | undefined>>): S3ClientConfig {
  const ownEndpoint = env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL;
  return {
    ...(env.AWS_REGION === undefined ? {} : { region: env.AWS_REGION }),
    maxAttempts: 3,
    retryMode: 'standard',
    defaultsMode: 'standard',
    // A copy may take minutes to answer, so there is no request timeout: the deadline's signal ends a request.
    requestHandler: { connectionTimeout: 2_000 },
    cacheMiddleware: true,
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    useArnRegion: false,
    disableS3ExpressSessionAuth: true,
    disableMultiregionAccessPoints: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    sigv4aSigningRegionSet: [],
    authSchemePreference: ['sigv4'],
    userAgentAppId: () => Promise.resolve(undefined),
    // An endpoint of one's own (the local engine, a test) has no host name for every bucket.
    forcePathStyle: ownEndpoint !== undefined,
    ignoreConfiguredEndpointUrls: ownEndpoint === undefined,
  };
}
