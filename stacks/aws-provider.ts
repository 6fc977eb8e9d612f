import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { TerraformStack } from 'cdktf';
import type { Settings } from '../config/settings';
import { deploymentTag } from '../constructs/github-access/deployed-names';

/** Every service the stack calls; a local engine answers for each of them. */
const SERVICES = [
  'apigateway',
  'cloudwatch',
  'ec2',
  'events',
  'iam',
  'kms',
  'lambda',
  'logs',
  's3',
  's3control',
  'scheduler',
  'sns',
  'sqs',
  'sts',
] as const;

/** The AWS provider: version, region, tags, and a local engine instead of AWS where one is set. */
export function configureAwsProvider(stack: TerraformStack, settings: Settings): void {
  const { version, localEndpoint } = settings.awsProvider;
  new AwsProvider(stack, 'aws', {
    region: settings.region,
    // The roles of GitHub know by their tag what has no name in its ARN.
    defaultTags: [{ tags: { ...settings.tags, ...(settings.github && deploymentTag(settings.namePrefix)) } }],
    ...(localEndpoint !== undefined && localEngine(localEndpoint)),
  });
  // The bindings name the one version they were generated from.
  stack.addOverride('terraform.required_providers.aws.version', version);
}

/** Credentials that no account accepts, and an endpoint for every service: nothing can reach a real account. */
function localEngine(endpoint: string) {
  return {
    accessKey: 'test',
    secretKey: 'test',
    s3UsePathStyle: true,
    skipMetadataApiCheck: 'true',
    endpoints: [Object.fromEntries(SERVICES.map((service) => [service, endpoint]))],
  };
}
