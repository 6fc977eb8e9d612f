import {
  ALL_OPTIONS,
  EVERY_FUNCTION,
  permissionsOf,
  RECEIVE,
  WITH_KEY,
  WITH_TRACING,
  WITH_VPC,
} from '../../support/permissions';
import { EVERY_JOB_SOURCE, MINIMAL, parse, synthPipeline } from '../../support/synth';

const GUARD = {
  'keep-what-was-done': ['dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
};

describe('invoked', () => {
  it('may do nothing beside what every function may', () => {
    expect(permissionsOf('invoked', MINIMAL)).toEqual(EVERY_FUNCTION);
  });

  it('may send its answers to a queue where somebody wants to hear them', () => {
    const settings = { ...MINIMAL, invoked: { onSuccess: true } };

    expect(permissionsOf('invoked', settings)).toEqual({
      ...EVERY_FUNCTION,
      'send-answers': ['sqs:SendMessage'],
    });
    expect(parse(synthPipeline(settings)).output).toHaveProperty('answer_queue_url');
  });

  it('may read each source of jobs that is on', () => {
    expect(permissionsOf('invoked', { ...MINIMAL, jobs: EVERY_JOB_SOURCE })).toEqual({
      ...EVERY_FUNCTION,
      'receive-job-queue': RECEIVE,
      'read-job-stream-jobs': [
        'kinesis:DescribeStream',
        'kinesis:DescribeStreamSummary',
        'kinesis:GetRecords',
        'kinesis:GetShardIterator',
        'kinesis:ListShards',
      ],
      'read-job-table-jobs': [
        'dynamodb:DescribeStream',
        'dynamodb:GetRecords',
        'dynamodb:GetShardIterator',
        'dynamodb:ListStreams',
      ],
    });
  });

  it('may use the table of its guard, and what the options of all functions add', () => {
    expect(permissionsOf('invoked', ALL_OPTIONS)).toEqual({
      ...EVERY_FUNCTION,
      ...GUARD,
      'send-answers': ['sqs:SendMessage'],
      ...WITH_TRACING,
      ...WITH_KEY,
      ...WITH_VPC,
    });
  });

  it('is started by roles that may do nothing else', () => {
    expect(permissionsOf('jobs', ALL_OPTIONS)).toEqual({
      role: ['sts:AssumeRole'],
      'role_invoke-invoked': ['lambda:InvokeFunction'],
    });
    expect(permissionsOf('job-schedule', { ...MINIMAL, jobs: EVERY_JOB_SOURCE })).toEqual({
      role: ['sts:AssumeRole'],
      'role_invoke-invoked': ['lambda:InvokeFunction'],
      'role_send-failures': ['sqs:SendMessage'],
    });
  });
});
