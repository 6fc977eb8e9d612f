import path from 'node:path';
import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, LocalBackend, S3Backend, TerraformProvider, type TerraformStack } from 'cdktf';
import type { Settings } from '../config/settings';
import { deploymentTag } from '../constructs/github-access/deployed-names';

/** Every service the stack calls; a local engine answers for each of them. */
const SERVICES = [
  'apigateway',
  'cloudwatch',
  'dynamodb',
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

/** Configures Terraform itself: its state and its providers. */
export function configureTerraform(stack: TerraformStack, settings: Settings): void {
  configureState(stack, settings.state);
  configureAwsProvider(stack, settings);
  if (settings.packaging === 'archive') new ArchiveProvider(stack, 'archive');
  nameProviders(stack);
}

/**
 * The bindings call a provider by its type alone, which Terraform completes. OpenTofu completes it too, and then finds
 * another name in the lock file, again and again. https://github.com/opentofu/opentofu/issues/2402
 */
function nameProviders(stack: TerraformStack): void {
  for (const provider of stack.node.findAll().filter((one) => TerraformProvider.isTerraformProvider(one))) {
    const { terraformResourceType: type } = provider;
    stack.addOverride(`terraform.required_providers.${type}.source`, `hashicorp/${type}`);
  }
}

/** Where Terraform keeps its state. */
function configureState(stack: TerraformStack, state: Settings['state']): void {
  if (state.type === 's3') {
    const { bucket, key, region } = state;
    new S3Backend(stack, { bucket, key, region, encrypt: true });
    stack.addOverride('terraform.backend.s3.use_lockfile', true); // newer than cdktf's S3Backend
    return;
  }
  // cdktf's default writes this machine's absolute path into the JSON. Terraform runs in the stack's folder, so
  // a path from there to the project's folder means the same everywhere.
  const stackFolder = path.join(App.of(stack).outdir, 'stacks', stack.node.id);
  const statePath = path.relative(stackFolder, path.resolve(state.path)).split(path.sep).join('/');
  new LocalBackend(stack, { path: statePath });
}

/** The AWS provider: version, region, tags, and a local engine instead of AWS where one is set. */
function configureAwsProvider(stack: TerraformStack, settings: Settings): void {
  const { version, localEndpoint } = settings.awsProvider;
  new AwsProvider(stack, 'aws', {
    region: settings.region,
    // The roles of GitHub recognise by this tag the resources whose ARN holds no name.
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
