import { s3ClientConfig } from '../../../handlers/shared/s3-client';

test('in Lambda it looks for no endpoint of its own and addresses buckets by host name', () => {
  expect(s3ClientConfig({ AWS_REGION: 'eu-west-1' })).toMatchObject({
    region: 'eu-west-1',
    ignoreConfiguredEndpointUrls: true,
    forcePathStyle: false,
  });
});

test.each(['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3'])(
  'where %s is set it is used, with buckets in the path',
  (name) => {
    expect(s3ClientConfig({ AWS_REGION: 'eu-west-1', [name]: 'http://127.0.0.1:1' })).toMatchObject({
      ignoreConfiguredEndpointUrls: false,
      forcePathStyle: true,
    });
  },
);

test('tries three times in all', () => {
  expect(s3ClientConfig({})).toMatchObject({ maxAttempts: 3, retryMode: 'standard' });
});
