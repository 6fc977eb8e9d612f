import { CloudWatchClient, DescribeAlarmsCommand, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { GetFunctionConcurrencyCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { coloursFor } from '../../../../tools/lib/terminal';
import { gatherStatus, type Status } from '../../../../tools/operate/status/gather';
import { needsAttention, statusScreen } from '../../../../tools/operate/status/screen';

const NOW = new Date('2026-01-02T12:00:00Z');
const TARGET = {
  uploadBucket: 'bucket',
  uploadPrefix: 'uploads/',
  processedPrefix: 'processed/',
  failureQueueUrl: 'https://queue',
  processUploadFunction: 'acme-process-upload',
  namePrefix: 'acme',
};
const s3 = mockClient(S3Client);
const sqs = mockClient(SQSClient);
const lambda = mockClient(LambdaClient);
const cloudwatch = mockClient(CloudWatchClient);

const object = (Key: string, LastModified: string, Size = 1) => ({
  Key,
  Size,
  LastModified: new Date(LastModified),
});
const gather = () =>
  gatherStatus(
    TARGET,
    {
      s3: new S3Client({}),
      sqs: new SQSClient({}),
      lambda: new LambdaClient({}),
      cloudwatch: new CloudWatchClient({}),
    },
    NOW,
  );

beforeEach(() => {
  for (const mock of [s3, sqs, lambda, cloudwatch]) mock.reset();
  s3.on(ListObjectsV2Command).resolves({});
  sqs.on(GetQueueAttributesCommand).resolves({ Attributes: {} });
  lambda.on(GetFunctionConcurrencyCommand).resolves({});
  cloudwatch.on(GetMetricDataCommand).resolves({});
  cloudwatch.on(DescribeAlarmsCommand).resolves({});
});

describe('gathering the status', () => {
  it('counts uploads, but no folder markers, and finds the oldest', async () => {
    s3.on(ListObjectsV2Command, { Prefix: 'uploads/' }).resolves({
      Contents: [
        object('uploads/', '2020-01-01T00:00:00Z', 0),
        object('uploads/a', '2026-01-02T11:00:00Z'),
        object('uploads/b', '2026-01-02T10:00:00Z'),
      ],
    });

    await expect(gather()).resolves.toMatchObject({
      waiting: { number: 2, atLeast: false },
      oldest: new Date('2026-01-02T10:00:00Z'),
    });
  });

  it('stops counting at some point, and says so', async () => {
    s3.on(ListObjectsV2Command, { Prefix: 'uploads/' }).resolves({
      Contents: [object('uploads/a', '2026-01-02T11:00:00Z')],
      IsTruncated: true,
      NextContinuationToken: 'more',
    });

    await expect(gather()).resolves.toMatchObject({ waiting: { number: 20, atLeast: true } });
  });

  it('takes what was processed today from the mover’s metric', async () => {
    cloudwatch.on(GetMetricDataCommand).resolves({ MetricDataResults: [{ Values: [40, 2] }] });

    await expect(gather()).resolves.toMatchObject({ processedToday: { number: 42, atLeast: false } });
    expect(cloudwatch.commandCalls(GetMetricDataCommand)[0]?.args[0].input.StartTime).toEqual(
      new Date('2026-01-02T00:00:00Z'),
    );
  });

  it('counts today’s processed objects where there is no metric', async () => {
    s3.on(ListObjectsV2Command, { Prefix: 'processed/' }).resolves({
      Contents: [
        object('processed/a', '2026-01-01T23:59:59Z'),
        object('processed/b', '2026-01-02T00:00:00Z'),
      ],
    });

    await expect(gather()).resolves.toMatchObject({ processedToday: { number: 1, atLeast: false } });
  });

  it('reads every page of the processed prefix after the first, over one without keys', async () => {
    const page = (key: string) => ({ Contents: [object(key, '2026-01-02T01:00:00Z')] });
    const listed = { Prefix: 'processed/' };
    s3.on(ListObjectsV2Command, listed).resolves({ IsTruncated: true, NextContinuationToken: '2' });
    s3.on(ListObjectsV2Command, { ...listed, ContinuationToken: '2' }).resolves({
      ...page('processed/a'),
      IsTruncated: true,
      NextContinuationToken: '3',
    });
    s3.on(ListObjectsV2Command, { ...listed, ContinuationToken: '3' }).resolves(page('processed/b'));

    await expect(gather()).resolves.toMatchObject({ processedToday: { number: 2 } });
  });

  it('counts records that someone is working on too', async () => {
    sqs.on(GetQueueAttributesCommand).resolves({
      Attributes: { ApproximateNumberOfMessages: '3', ApproximateNumberOfMessagesNotVisible: '2' },
    });

    await expect(gather()).resolves.toMatchObject({ failures: 5 });
  });

  it('names the alarms in ALARM, and tells none from no alarms at all', async () => {
    await expect(gather()).resolves.toMatchObject({ alarms: undefined });
    cloudwatch.on(DescribeAlarmsCommand).resolves({
      MetricAlarms: [
        { AlarmName: 'acme-x', StateValue: 'ALARM' },
        { AlarmName: 'acme-y', StateValue: 'OK' },
      ],
    });

    await expect(gather()).resolves.toMatchObject({ alarms: ['acme-x'] });
  });
});

describe('the screen', () => {
  const PLAIN = coloursFor({ write: () => true, isTTY: false });
  const WELL: Status = {
    waiting: { number: 3, atLeast: false },
    oldest: new Date('2026-01-02T11:59:30Z'),
    processedToday: { number: 20_000, atLeast: true },
    failures: 0,
    reservedConcurrency: undefined,
    alarms: [],
  };

  it('says how things are', () => {
    expect(statusScreen(WELL, NOW, PLAIN)).toBe(
      [
        '  Uploads waiting  3',
        '  Oldest upload    30 s ago',
        '  Processed today  at least 20,000 (since midnight UTC)',
        '  Failures         none',
        "  Concurrency      from the account's pool",
        '  Alarms           none in ALARM',
      ].join('\n'),
    );
    expect(needsAttention(WELL)).toBe(false);
  });

  it.each([
    [{ failures: 2 }, 'Failures         2: npm run failures'],
    [{ reservedConcurrency: 0 }, 'Concurrency      stopped (reserved concurrency 0)'],
    [{ alarms: ['acme-x', 'acme-y'] }, 'Alarms           acme-x, acme-y'],
  ])('calls for someone to look at %j', (rest, line) => {
    const status = { ...WELL, ...rest };

    expect(statusScreen(status, NOW, PLAIN)).toContain(line);
    expect(needsAttention(status)).toBe(true);
  });

  it('does not take a deployment without alarms for one in trouble', () => {
    expect(needsAttention({ ...WELL, alarms: undefined })).toBe(false);
    expect(statusScreen({ ...WELL, alarms: undefined }, NOW, PLAIN)).toContain(
      'there are none (health.enabled)',
    );
  });
});
