import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { EVERY_JOB_SOURCE, EVERYTHING, MINIMAL, parse, synthPipeline } from '../support/synth';

describe('the AWS provider', () => {
  it('has the version, region and default tags of the settings', () => {
    const synthesized = synthPipeline({
      ...MINIMAL,
      region: 'eu-central-1',
      tags: { team: 'data' },
      awsProvider: { version: '~> 6.30' },
    });

    expect(synthesized).toHaveProviderWithProperties(AwsProvider, {
      region: 'eu-central-1',
      default_tags: [{ tags: { team: 'data' } }],
    });
    expect(parse(synthesized).terraform.required_providers.aws).toMatchObject({ version: '~> 6.30' });
  });

  // OpenTofu completes a bare name by itself, and then asks for an upgrade with every init.
  it('is named in full, like every provider', () => {
    expect(parse(synthPipeline()).terraform.required_providers).toMatchObject({
      aws: { source: 'hashicorp/aws' },
      archive: { source: 'hashicorp/archive' },
    });
  });

  it('tags everything with the name of the deployment where GitHub’s roles know it by that, and only there', () => {
    const github = { repository: 'us/ours', environment: 'prod' };

    expect(synthPipeline({ ...MINIMAL, tags: { team: 'data' }, github })).toHaveProviderWithProperties(
      AwsProvider,
      { default_tags: [{ tags: { team: 'data', 'deployed-as': 'test' } }] },
    );
    expect(synthPipeline()).toHaveProviderWithProperties(AwsProvider, { default_tags: [{ tags: {} }] });
  });

  it('takes credentials and endpoints from nobody but AWS’s own sources unless a local engine is set', () => {
    const [provider] = parse(synthPipeline()).provider.aws ?? [];

    expect(Object.keys(provider ?? {}).sort()).toEqual(['default_tags', 'region']);
  });

  it.each(['direct', 'queue', 'eventbridge', 'topic'] as const)(
    'with trigger %s sends every service it uses to the local engine, with credentials no account accepts',
    (trigger) => {
      const endpoint = 'http://127.0.0.1:4566';
      const synthesized = synthPipeline({
        ...EVERYTHING,
        jobs: { ...EVERY_JOB_SOURCE, idempotency: { enabled: true } },
        trigger,
        awsProvider: { localEndpoint: endpoint },
      });
      const [provider] = parse(synthesized).provider.aws ?? [];
      const [endpoints = {}] = (provider?.endpoints ?? []) as Record<string, string>[];

      expect(provider).toMatchObject({ access_key: 'test', secret_key: 'test' });
      expect(new Set(Object.values(endpoints))).toEqual(new Set([endpoint]));
      expect(Object.keys(endpoints)).toEqual(expect.arrayContaining(servicesIn(synthesized)));
    },
  );
});

/** The services that the resources and data sources of a synth belong to, as the provider names them. */
function servicesIn(synthesized: string): string[] {
  const { resource, data = {} } = parse(synthesized);
  const service = (type: string): string =>
    SERVICE.find(([start]) => type.startsWith(`aws_${start}_`))?.[1] ??
    `a service unknown to this test: ${type}`;
  const local = ['aws_partition', 'aws_region']; // answered by the provider itself
  return [...Object.keys(resource), ...Object.keys(data)]
    .filter((type) => type.startsWith('aws_') && !local.includes(type))
    .map(service);
}

/** How types of resources begin, the longer ones first, and which service answers for them. */
const SERVICE: readonly (readonly [start: string, service: string])[] = [
  ['cloudwatch_event', 'events'],
  ['cloudwatch_log', 'logs'],
  ['cloudwatch_query', 'logs'],
  ['cloudwatch', 'cloudwatch'],
  ['api_gateway', 'apigateway'],
  ['caller', 'sts'],
  ['dynamodb', 'dynamodb'],
  ['iam', 'iam'],
  ['kms', 'kms'],
  ['lambda', 'lambda'],
  ['s3', 's3'],
  ['scheduler', 'scheduler'],
  ['security', 'ec2'],
  ['sns', 'sns'],
  ['sqs', 'sqs'],
  ['vpc', 'ec2'],
];
