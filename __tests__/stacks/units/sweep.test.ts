import {
  ALL_OPTIONS,
  EVERY_FUNCTION,
  permissionsOf,
  WITH_KEY,
  WITH_TRACING,
  type Permissions,
} from '../../support/permissions';
import { MINIMAL, parse, statements, synthPipeline, type Block } from '../../support/synth';

const ALLOWED: Permissions = {
  ...EVERY_FUNCTION,
  'list-uploads': ['s3:GetObject', 's3:ListBucket', 's3:PutObject'],
  'invoke-process-upload': ['lambda:InvokeFunction'],
  'read-concurrency-process-upload': ['lambda:GetFunctionConcurrency'],
};

const alarm = (settings = {}): Block | undefined =>
  Object.values(
    parse(synthPipeline({ ...MINIMAL, ...settings })).resource.aws_cloudwatch_metric_alarm ?? {},
  ).find(({ alarm_name: name }) => name === 'test-uploads-waiting');

describe('the sweep', () => {
  it('may look, start the mover and keep its note, and nothing else', () => {
    expect(permissionsOf('sweep', MINIMAL)).toEqual(ALLOWED);
    // In no VPC: it calls nothing but AWS's own APIs.
    expect(permissionsOf('sweep', ALL_OPTIONS)).toEqual({ ...ALLOWED, ...WITH_TRACING, ...WITH_KEY });
  });

  it('sends to the queue with trigger queue, instead of starting the mover', () => {
    const queued = permissionsOf('sweep', { ...MINIMAL, trigger: 'queue' });

    expect(queued).toMatchObject({ 'send-upload-queue': ['sqs:SendMessage'] });
    expect(queued).not.toHaveProperty('invoke-process-upload');
  });

  it.each([
    [MINIMAL, '.upload-pipeline/sweep'],
    [
      { ...MINIMAL, prefixes: { upload: '', watchWholeBucket: true } },
      'processed/processed/.upload-pipeline/sweep',
    ],
  ])('writes one key, which starts no function', (settings, note) => {
    const writes = statements(synthPipeline(settings))
      .filter(
        ({ address, Action }) => address.includes('.sweep_list-uploads') && Action.includes('s3:PutObject'),
      )
      .flatMap(({ Resource = [] }) => Resource)
      .map((resource) => resource.replace(/^\$\{aws_s3_bucket\..*\.arn\}\//u, ''));

    expect(writes).toEqual([note]);
  });

  it('is started by one rule', () => {
    const doors = Object.values(parse(synthPipeline()).resource.aws_lambda_permission ?? {}).filter(
      ({ function_name: name }) => JSON.stringify(name).includes('.sweep_'),
    );

    expect(doors).toEqual([
      expect.objectContaining({
        principal: 'events.amazonaws.com',
        source_arn: expect.stringMatching(/^\$\{aws_cloudwatch_event_rule\..*\.arn\}$/u) as string,
      }),
    ]);
  });

  it('raises an alarm when uploads stop being processed, and reports when it falls silent', () => {
    expect(alarm()).toMatchObject({
      namespace: 'UploadPipeline/test',
      metric_name: 'OldestUploadAgeSeconds',
      dimensions: { service: 'sweep' },
      statistic: 'Maximum',
      period: 3600,
      threshold: 7200,
      treat_missing_data: 'missing',
      insufficient_data_actions: [expect.stringMatching(/^\$\{aws_sns_topic\./u) as string],
    });
    expect(alarm({ health: { oldestUploadMinutes: 90 } })?.threshold).toBe(5400);
    expect(alarm({ sweep: { enabled: false } })).toBeUndefined();
  });
});
