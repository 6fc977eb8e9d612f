import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { clientConfig, ownEndpoint, type Variables } from './client-config';

/** The S3 client of a Lambda function. */
export function s3ClientConfig(env: Variables) {
  return {
    ...clientConfig(env, 'S3'),
    maxAttempts: 3,
    useArnRegion: false,
    disableS3ExpressSessionAuth: true,
    disableMultiregionAccessPoints: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    sigv4aSigningRegionSet: [],
    // A custom endpoint has no host name per bucket.
    forcePathStyle: ownEndpoint(env, 'S3') !== undefined,
  } satisfies S3ClientConfig;
}
