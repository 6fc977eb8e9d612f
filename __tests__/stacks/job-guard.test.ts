import { EVERYTHING, MINIMAL, parse, resourceOf, synthPipeline, type Block } from '../support/synth';

const GUARDED = { idempotency: { enabled: true, expiresAfterHours: 36 } };

const variablesOf = (synthesized: string, name: string): unknown => {
  const made = Object.values(parse(synthesized).resource.aws_lambda_function ?? {}).find(
    ({ function_name: functionName }) => functionName === name,
  );
  return (made?.environment as Block | undefined)?.variables;
};

describe('the guard against repeated jobs', () => {
  it('is not there unless it is asked for', () => {
    const synthesized = synthPipeline({ ...MINIMAL, jobs: { idempotency: { expiresAfterHours: 36 } } });

    expect(parse(synthesized).resource).not.toHaveProperty('aws_dynamodb_table');
    expect(variablesOf(synthesized, 'test-invoked')).toEqual({ LOG_LEVEL: 'INFO' });
  });

  it('belongs to the invoked function alone, with its table and the time that a job is known', () => {
    const synthesized = synthPipeline({ ...MINIMAL, jobs: GUARDED });

    expect(resourceOf(synthesized, 'aws_dynamodb_table', 'jobs-done').name).toBe('test-jobs-done');
    expect(variablesOf(synthesized, 'test-invoked')).toEqual({
      LOG_LEVEL: 'INFO',
      IDEMPOTENCY_TABLE_NAME: '${aws_dynamodb_table.jobs-done_table_4D45CA64.name}',
      IDEMPOTENCY_EXPIRES_AFTER_HOURS: '36',
    });
    for (const name of ['test-process-upload', 'test-caller', 'test-sweep']) {
      expect(variablesOf(synthesized, name)).not.toHaveProperty('IDEMPOTENCY_TABLE_NAME');
    }
  });

  it('has its permission before the first job comes', () => {
    const synthesized = synthPipeline({ ...MINIMAL, jobs: { ...GUARDED, queue: { enabled: true } } });

    expect(resourceOf(synthesized, 'aws_lambda_event_source_mapping', 'job-queue').depends_on).toContainEqual(
      expect.stringMatching(/^aws_iam_role_policy\.invoked_keep-what-was-done_/u),
    );
  });

  it('has a way out of a VPC', () => {
    const endpoints = (jobs = {}) =>
      Object.keys(parse(synthPipeline({ ...EVERYTHING, jobs })).resource.aws_vpc_endpoint ?? {})
        .map((address) => address.replace(/_[0-9A-F]{8}$/u, ''))
        .sort();

    expect(endpoints(GUARDED)).toEqual([...endpoints(), 'private_dynamodb'].sort());
  });

  it('has its table encrypted by a key of one’s own', () => {
    const synthesized = synthPipeline({
      ...MINIMAL,
      encryption: { customerManagedKey: true },
      jobs: GUARDED,
    });

    expect(resourceOf(synthesized, 'aws_dynamodb_table', 'jobs-done').server_side_encryption).toEqual({
      enabled: true,
      kms_key_arn: '${aws_kms_key.key_F64E54E4.arn}',
    });
    expect(JSON.stringify(parse(synthesized).resource.aws_kms_key)).toContain('dynamodb.');
  });
});
