import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { EVERYTHING, MINIMAL, parse, synthPipeline } from '../support/synth';

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

  it('takes credentials and endpoints from nobody but AWS’s own sources unless a local engine is set', () => {
    const [provider] = parse(synthPipeline()).provider.aws ?? [];

    expect(Object.keys(provider ?? {}).sort()).toEqual(['default_tags', 'region']);
  });

  it('sends every service it uses to the local engine, with credentials no account accepts', () => {
    const endpoint = 'http://127.0.0.1:4566';
    const synthesized = synthPipeline({ ...EVERYTHING, awsProvider: { localEndpoint: endpoint } });
    const [provider] = parse(synthesized).provider.aws ?? [];
    const [endpoints = {}] = (provider?.endpoints ?? []) as Record<string, string>[];

    expect(provider).toMatchObject({ access_key: 'test', secret_key: 'test' });
    expect(new Set(Object.values(endpoints))).toEqual(new Set([endpoint]));
    expect(Object.keys(endpoints)).toEqual(expect.arrayContaining(servicesIn(synthesized)));
  });
});

/** The services that the resources and data sources of a synth belong to, as the provider names them. */
function servicesIn(synthesized: string): string[] {
  const { resource, data = {} } = parse(synthesized);
  const service: Readonly<Record<string, string>> = {
    api: 'apigateway',
    caller: 'sts',
    cloudwatch: 'logs',
    iam: 'iam',
    lambda: 'lambda',
    s3: 's3',
    security: 'ec2',
    sqs: 'sqs',
    vpc: 'ec2',
  };
  const local = new Set(['partition', 'region']); // answered by the provider itself
  return [...Object.keys(resource), ...Object.keys(data)]
    .filter((type) => type.startsWith('aws_'))
    .map((type) => type.split('_')[1] ?? '')
    .filter((name) => !local.has(name))
    .map((name) => service[name] ?? `a service unknown to this test: ${name}`);
}
