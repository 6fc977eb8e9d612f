import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config';
import { S3BucketNotification } from '@cdktf/provider-aws/lib/s3-bucket-notification';
import { Testing } from 'cdktf';
import { MINIMAL, onlyResource, parse, synthPipeline } from '../support/synth';

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
          ON_EXISTING: 'keepBoth',
          LOG_LEVEL: 'DEBUG',
        },
      },
    });
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
    expect(onlyResource(synthPipeline(), 'aws_s3_bucket_notification').lambda_function).toHaveLength(1);
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

    expect(Object.keys(resource.aws_s3_bucket ?? {})).toEqual(['uploads_bucket_556152F0']);
    expect(Object.keys(resource.aws_sqs_queue ?? {})).toEqual(['failures_queue_3DB484D9']);
    expect(Object.keys(resource.aws_cloudwatch_log_group ?? {})).toEqual(['process-upload_logs_5DEBAAFB']);
  });

  it('puts out what people and tools need', () => {
    const { output = {} } = parse(synthPipeline());
    const values = Object.fromEntries(Object.entries(output).map(([name, { value }]) => [name, value]));

    expect(values).toEqual({
      upload_bucket: '${aws_s3_bucket.uploads_bucket_556152F0.bucket}',
      upload_prefix: 'uploads/',
      processed_prefix: 'processed/',
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
});
