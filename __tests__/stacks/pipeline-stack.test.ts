import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config';
import { S3BucketNotification } from '@cdktf/provider-aws/lib/s3-bucket-notification';
import { Testing } from 'cdktf';
import { readEnvironment as readCallerEnvironment } from '../../handlers/caller/environment';
import { unwrap } from '../../handlers/shared/invoke-envelope';
import {
  EVERYTHING,
  EVERY_JOB_SOURCE,
  MINIMAL,
  onlyResource,
  parse,
  resourceOf,
  synthPipeline,
} from '../support/synth';

describe('PipelineStack', () => {
  it('gives the handler every variable it reads', () => {
    const synthesized = synthPipeline({
      ...MINIMAL,
      onExisting: 'keepBoth',
      prefixes: { upload: 'in/', processed: 'out/' },
      processUpload: { logLevel: 'DEBUG' },
    });

    expect(synthesized).toHaveResourceWithProperties(LambdaFunction, {
      function_name: 'test-process-upload',
      environment: {
        variables: {
          UPLOAD_PREFIX: 'in/',
          PROCESSED_PREFIX: 'out/',
          FORMER_PREFIXES: '[]',
          ON_EXISTING: 'keepBoth',
          POWERTOOLS_METRICS_NAMESPACE: 'UploadPipeline/test',
          LOG_LEVEL: 'DEBUG',
        },
      },
    });
  });

  it('tells everything that looks at prefixes of the former ones: the mover, the sweep and the tools', () => {
    const pairs = [{ upload: 'in/', processed: 'out/' }];
    const synthesized = synthPipeline({ ...MINIMAL, formerPrefixes: pairs });
    const { aws_lambda_function: functions = {} } = parse(synthesized).resource;
    const told = Object.values(functions).flatMap(({ function_name, environment }) => {
      const { variables = {} } = (environment ?? {}) as { variables?: Readonly<Record<string, string>> };
      return variables.FORMER_PREFIXES === undefined ? [] : [[function_name, variables.FORMER_PREFIXES]];
    });

    expect(told).toEqual(
      expect.arrayContaining([
        ['test-process-upload', JSON.stringify(pairs)],
        ['test-sweep', JSON.stringify(pairs)],
      ]),
    );
    expect(parse(synthesized).output).toMatchObject({ former_prefixes: { value: JSON.stringify(pairs) } });
  });

  it('gives the sweep every variable it reads', () => {
    const synthesized = synthPipeline({
      ...MINIMAL,
      prefixes: { upload: 'in/', processed: 'out/' },
      sweep: { olderThanMinutes: 5, maximumPerSecond: 7, logLevel: 'WARN' },
    });

    expect(synthesized).toHaveResourceWithProperties(LambdaFunction, {
      function_name: 'test-sweep',
      environment: {
        variables: {
          UPLOAD_BUCKET: '${aws_s3_bucket.uploads_bucket_556152F0.bucket}',
          UPLOAD_PREFIX: 'in/',
          PROCESSED_PREFIX: 'out/',
          FORMER_PREFIXES: '[]',
          PROCESS_UPLOAD_FUNCTION_NAME:
            '${aws_lambda_function.process-upload_function_CD267CB1.function_name}',
          OLDER_THAN_MINUTES: '5',
          MAXIMUM_PER_SECOND: '7',
          NOTE_KEY: '.upload-pipeline/sweep',
          POWERTOOLS_METRICS_NAMESPACE: 'UploadPipeline/test',
          LOG_LEVEL: 'WARN',
        },
      },
    });
  });

  it('sweeps every hour, and gives a sweep up before the next one begins', () => {
    const synthesized = synthPipeline();

    expect(resourceOf(synthesized, 'aws_cloudwatch_event_rule', 'sweep-schedule').schedule_expression).toBe(
      'rate(60 minutes)',
    );
    expect(synthesized).toHaveResourceWithProperties(LambdaFunctionEventInvokeConfig, {
      function_name: '${aws_lambda_function.sweep_function_38BEC402.function_name}',
      maximum_event_age_in_seconds: 3600,
    });
  });

  it('leaves out the sweep, and everything of its health, where the settings say so', () => {
    const { resource } = parse(
      synthPipeline({ ...MINIMAL, sweep: { enabled: false }, health: { enabled: false } }),
    );

    for (const type of [
      'cloudwatch_event_rule',
      'cloudwatch_metric_alarm',
      'cloudwatch_dashboard',
      'kms_key',
      'sns_topic',
    ]) {
      expect(resource[`aws_${type}`]).toBeUndefined();
    }
    expect(Object.keys(resource.aws_lambda_function ?? {}).join()).not.toContain('sweep');
  });

  it('traces every function where the settings say so', () => {
    const { resource } = parse(synthPipeline({ ...MINIMAL, functions: { tracing: true } }));

    const traced = Object.values(resource.aws_lambda_function ?? {}).map((block) => block.tracing_config);
    expect(traced).toContainEqual({ mode: 'Active' });
    expect(new Set(traced.map((config) => JSON.stringify(config))).size).toBe(1);
  });

  it('takes retries, event age and reserved concurrency from the settings', () => {
    const synthesized = synthPipeline({
      ...MINIMAL,
      processUpload: { maximumRetryAttempts: 0, maximumEventAgeSeconds: 60, reservedConcurrentExecutions: 5 },
    });

    expect(synthesized).toHaveResourceWithProperties(LambdaFunctionEventInvokeConfig, {
      maximum_retry_attempts: 0,
      maximum_event_age_in_seconds: 60,
    });
    expect(synthesized).toHaveResourceWithProperties(LambdaFunction, { reserved_concurrent_executions: 5 });
  });

  it('has one notification on its bucket: a second would overwrite the first', () => {
    expect(synthPipeline()).toHaveResource(S3BucketNotification);
    expect(onlyResource(synthPipeline(), 'aws_s3_bucket_notification').lambda_function).toContainEqual(
      expect.objectContaining({ filter_prefix: 'uploads/' }),
    );
  });

  it('gives every asynchronous function a failure destination', () => {
    const { resource } = parse(synthPipeline());
    const started = Object.values(resource.aws_lambda_permission ?? {}).map((block) => block.function_name);
    const covered = Object.values(resource.aws_lambda_function_event_invoke_config ?? {}).map(
      (block) => block.function_name,
    );

    expect(started.length).toBeGreaterThan(0);
    expect(covered).toEqual(expect.arrayContaining(started));
  });

  it('refuses prefixes that would loop', () => {
    expect(() => synthPipeline({ ...MINIMAL, prefixes: { processed: 'uploads/processed/' } })).toThrow(
      /each move would count as a new upload/u,
    );
  });

  it('keeps the addresses of what holds data: a new one would replace it', () => {
    const { resource } = parse(synthPipeline());

    const ids = (type: string) => Object.keys(resource[type] ?? {});
    expect(ids('aws_s3_bucket')).toContain('uploads_bucket_556152F0');
    expect(ids('aws_sqs_queue')).toContain('failures_queue_3DB484D9');
    expect(ids('aws_cloudwatch_log_group')).toEqual(
      expect.arrayContaining([
        'caller_logs_2AAF96EF',
        'invoked_logs_236CA70A',
        'process-upload_logs_5DEBAAFB',
        'sweep_logs_E031E3F1',
      ]),
    );
  });

  it('keeps the address of the table of done jobs: a new one would have them done again', () => {
    const { resource } = parse(synthPipeline({ ...MINIMAL, jobs: { idempotency: { enabled: true } } }));

    expect(Object.keys(resource.aws_dynamodb_table ?? {})).toEqual(['jobs-done_table_4D45CA64']);
  });

  it('keeps the address of the key: without it nothing it has encrypted can be read', () => {
    const { resource } = parse(synthPipeline({ ...MINIMAL, encryption: { customerManagedKey: true } }));

    expect(Object.keys(resource.aws_kms_key ?? {})).toContain('key_F64E54E4');
  });

  // A key decrypts nothing from the moment its deletion is scheduled: it has to be left before.
  describe('a key of one’s own that retires', () => {
    const users = (customerManagedKey: boolean | 'retiring', inPolicies: boolean): string[] => {
      const jobs = { ...EVERY_JOB_SOURCE, idempotency: { enabled: true } };
      const settings = { ...EVERYTHING, jobs, trigger: 'topic' as const, encryption: { customerManagedKey } };
      return Object.entries(parse(synthPipeline(settings)).resource)
        .filter(([type]) => type !== 'aws_kms_alias' && (type === 'aws_iam_role_policy') === inPolicies)
        .filter(([, blocks]) => JSON.stringify(blocks).includes('${aws_kms_key.key_'))
        .map(([type]) => type)
        .sort();
    };

    it('encrypts nothing new', () => {
      expect(users(true, false)).toEqual([
        'aws_cloudwatch_log_group',
        'aws_dynamodb_table',
        'aws_lambda_function',
        'aws_s3_bucket_server_side_encryption_configuration',
        'aws_sns_topic',
        'aws_sqs_queue',
      ]);
      expect(users('retiring', false)).toEqual([]);
    });

    it('is there, and may be used for what it encrypted', () => {
      expect(users('retiring', true)).toEqual(['aws_iam_role_policy']);
      const { resource } = parse(
        synthPipeline({ ...MINIMAL, encryption: { customerManagedKey: 'retiring' } }),
      );
      expect(resource.aws_kms_key?.key_F64E54E4).toMatchObject({
        lifecycle: { create_before_destroy: true },
      });
    });
  });

  it('gives every function the layers and the code signing of the settings', () => {
    const layer = 'arn:aws:lambda:us-east-1:123456789012:layer:extension:7';
    const profile = 'arn:aws:signer:us-east-1:123456789012:/signing-profiles/ours/abcdefghij';
    const synthesized = synthPipeline({
      ...MINIMAL,
      functions: { layers: [layer], codeSigning: { signingProfileVersionArns: [profile] } },
    });

    expect(synthesized).toHaveResourceWithProperties(LambdaFunction, {
      layers: [layer],
      code_signing_config_arn: expect.stringMatching(/^\$\{aws_lambda_code_signing_config\./u) as string,
    });
  });

  it('has neither alias, key, layers nor code signing unless they are set', () => {
    const { resource } = parse(synthPipeline());
    const [worker = {}] = Object.values(resource.aws_lambda_function ?? {});

    expect(Object.keys(resource).filter((type) => /lambda_alias|signing|provisioned/u.test(type))).toEqual(
      [],
    );
    expect(Object.keys(worker).filter((name) => /publish|layers|kms|signing/u.test(name))).toEqual([]);
  });

  it('releases by an alias where that is set, as the settings say', () => {
    const synthesized = synthPipeline({
      ...MINIMAL,
      processUpload: { release: { alias: true, version: 3, canary: { version: 4, weight: 0.2 } } },
    });

    expect(resourceOf(synthesized, 'aws_lambda_alias', 'process-upload')).toMatchObject({
      function_version: '3',
      routing_config: { additional_version_weights: { 4: 0.2 } },
    });
  });

  it('puts out what people and tools need', () => {
    const { output = {} } = parse(synthPipeline());
    const values = Object.fromEntries(Object.entries(output).map(([name, { value }]) => [name, value]));

    // What only some units put out stands with their tests.
    expect(values).toMatchObject({
      upload_bucket: '${aws_s3_bucket.uploads_bucket_556152F0.bucket}',
      upload_prefix: 'uploads/',
      processed_prefix: 'processed/',
      caller_function: '${aws_lambda_function.caller_function_ADA6C1F4.function_name}',
      invoked_function: '${aws_lambda_function.invoked_function_36C26709.function_name}',
      failure_queue_url: '${aws_sqs_queue.failures_queue_3DB484D9.url}',
      process_upload_function: '${aws_lambda_function.process-upload_function_CD267CB1.function_name}',
      upload_command: 'aws s3 cp FILE s3://${aws_s3_bucket.uploads_bucket_556152F0.bucket}/uploads/',
    });
  });

  it.each([
    ['archive', true],
    ['prebuilt', false],
  ] as const)('packaged as %s, needs the archive provider: %p', (packaging, needed) => {
    const synthesized = synthPipeline({ ...MINIMAL, packaging });

    expect('archive' in parse(synthesized).terraform.required_providers).toBe(needed);
    expect(parse(synthesized).data?.archive_file !== undefined).toBe(needed);
    expect(Testing.toHaveProvider(synthesized, ArchiveProvider.tfResourceType)).toBe(needed);
  });

  describe('the caller and the invoked function', () => {
    it('give the caller every variable it reads, the callee’s name by reference', () => {
      const variables = variablesOf(synthPipeline(), 'test-caller');

      expect(() => readCallerEnvironment(variables)).not.toThrow();
      expect(variables.INVOKED_FUNCTION_NAME).toMatch(
        /^\$\{aws_lambda_function\.invoked_.*\.function_name\}$/u,
      );
    });

    it('have a log level each, and the callee’s variables are its own', () => {
      const synthesized = synthPipeline({
        ...MINIMAL,
        caller: { logLevel: 'DEBUG' },
        invoked: { logLevel: 'ERROR' },
      });

      expect(variablesOf(synthesized, 'test-caller').LOG_LEVEL).toBe('DEBUG');
      expect(variablesOf(synthesized, 'test-invoked')).toEqual({ LOG_LEVEL: 'ERROR' });
    });

    it('take reserved concurrency, retries and event age from the settings', () => {
      const synthesized = synthPipeline({
        ...MINIMAL,
        invoked: { reservedConcurrentExecutions: 7, maximumRetryAttempts: 1, maximumEventAgeSeconds: 600 },
      });

      expect(synthesized).toHaveResourceWithProperties(LambdaFunction, {
        function_name: 'test-invoked',
        reserved_concurrent_executions: 7,
      });
      expect(synthesized).toHaveResourceWithProperties(LambdaFunctionEventInvokeConfig, {
        function_name: '${aws_lambda_function.invoked_function_36C26709.function_name}',
        maximum_retry_attempts: 1,
        maximum_event_age_in_seconds: 600,
      });
    });
  });

  describe('the HTTP endpoint', () => {
    it('is not there unless it is enabled', () => {
      expect(Object.keys(parse(synthPipeline()).resource).join()).not.toContain('api_gateway');
    });

    it('turns a job into the envelope that the handlers read, with its id as the correlation ID', () => {
      const { resource } = parse(synthPipeline({ ...MINIMAL, endpoint: { enabled: true } }));
      const templates = Object.values(resource.aws_api_gateway_integration ?? {}).map(
        ({ request_templates }) => (request_templates as Record<string, string>)['application/json'] ?? '',
      );

      expect(templates).toHaveLength(2);
      for (const template of templates) {
        // As API Gateway fills it in.
        const event: unknown = JSON.parse(
          template.replace("$input.json('$')", '{"echo": "hello"}').replace('$context.requestId', 'job-1'),
        );

        expect(unwrap(event)).toEqual({ payload: { echo: 'hello' }, envelope: { correlationId: 'job-1' } });
      }
    });

    it.each([
      ['AWS’s', {}, /^\$\{aws_api_gateway_stage\..*\.invoke_url\}\/jobs$/u],
      [
        'a local engine’s',
        { awsProvider: { localEndpoint: 'http://127.0.0.1:4566' } },
        /^http:\/\/127\.0\.0\.1:4566\/_aws\/execute-api\/\$\{.*\.id\}\/\$\{.*\.stage_name\}\/jobs$/u,
      ],
    ])('puts out where jobs go: %s address', (_, settings, url) => {
      const { output = {} } = parse(synthPipeline({ ...MINIMAL, ...settings, endpoint: { enabled: true } }));

      expect(output.jobs_url?.value).toMatch(url);
    });
  });

  describe('in a VPC', () => {
    it('puts every function into it that runs a team’s code, and gives it every way that it needs', () => {
      const synthesized = synthPipeline(EVERYTHING);
      const { resource } = parse(synthesized);

      const subnets = Object.fromEntries(
        Object.values(resource.aws_lambda_function ?? {}).map(({ function_name, vpc_config }) => [
          function_name as string,
          (vpc_config as { subnet_ids?: unknown } | undefined)?.subnet_ids,
        ]),
      );
      const attached = EVERYTHING.vpc?.subnetIds;
      expect(subnets).toMatchObject({
        'test-process-upload': attached,
        'test-caller': attached,
        'test-invoked': attached,
        'test-sweep': undefined, // it talks to nothing but AWS's own APIs
      });
      expect(
        Object.values(resource.aws_vpc_endpoint ?? {}).map(({ vpc_endpoint_type, service_name }) => [
          vpc_endpoint_type,
          (service_name as string).split('.').at(-1),
        ]),
      ).toEqual([
        ['Interface', 'lambda'],
        ['Interface', 'logs'],
        ['Gateway', 's3'],
      ]);
    });

    it('is not there unless it is set', () => {
      const types = Object.keys(parse(synthPipeline()).resource).join();

      expect(types).not.toContain('vpc');
      expect(types).not.toContain('security_group');
    });
  });
});

/** The environment variables of a function. */
function variablesOf(synthesized: string, functionName: string): Record<string, string> {
  const functions = Object.values(parse(synthesized).resource.aws_lambda_function ?? {});
  const { environment } = functions.find(({ function_name }) => function_name === functionName) ?? {};
  return (environment as { variables: Record<string, string> }).variables;
}
