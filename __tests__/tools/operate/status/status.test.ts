import { CloudWatchClient, DescribeAlarmsCommand, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { GetFunctionConcurrencyCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListObjectsV2Command, S3Client, type ListObjectsV2CommandInput } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import type { Target } from '../../../../tools/lib/target';
import { coloursFor } from '../../../../tools/lib/terminal';
import { gatherStatus, type Status } from '../../../../tools/operate/status/gather';
import { needsAttention, statusScreen } from '../../../../tools/operate/status/screen';

const NOW = new Date('2026-01-02T12:00:00Z');
const TARGET = {
  uploadBucket: 'bucket',
  uploadPrefix: 'uploads/',
  processedPrefix: 'processed/',
  formerPrefixes: [],
  failureQueueUrl: 'https://queue',
  fifoFailureQueueUrl: undefined,
  processUploadFunction: 'acme-process-upload',
  uploadQueueUrl: undefined,
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
const gather = (target: Partial<Target> = {}) =>
  gatherStatus(
    { ...TARGET, ...target },
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
  s3.on(ListObjectsV2Command).resolves({ IsTruncated: false });
  sqs.on(GetQueueAttributesCommand).resolves({ Attributes: {} });
  lambda.on(GetFunctionConcurrencyCommand).resolves({});
  cloudwatch.on(GetMetricDataCommand).resolves({});
  cloudwatch.on(DescribeAlarmsCommand).resolves({});
});

describe('gathering the status', () => {
  it('counts uploads, but no folder markers, and finds the oldest', async () => {
    s3.on(ListObjectsV2Command, { Prefix: 'uploads/' }).resolves({
      IsTruncated: false,
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
      IsTruncated: false,
      Contents: [
        object('processed/a', '2026-01-01T23:59:59Z'),
        object('processed/b', '2026-01-02T00:00:00Z'),
      ],
    });

    await expect(gather()).resolves.toMatchObject({ processedToday: { number: 1, atLeast: false } });
  });

  it('reads every page of the processed prefix after the first, over one without keys', async () => {
    const page = (key: string) => ({ Contents: [object(key, '2026-01-02T01:00:00Z')], IsTruncated: false });
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

  it('counts records that someone is working on too, and asks for both', async () => {
    sqs
      .on(GetQueueAttributesCommand, {
        QueueUrl: 'https://queue',
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      })
      .resolves({
        Attributes: { ApproximateNumberOfMessages: '3', ApproximateNumberOfMessagesNotVisible: '2' },
      });

    await expect(gather()).resolves.toMatchObject({ failures: 5 });
  });

  it('asks for the concurrency of the function: its alias has none', async () => {
    lambda
      .on(GetFunctionConcurrencyCommand, { FunctionName: 'acme-process-upload' })
      .resolves({ ReservedConcurrentExecutions: 0 });

    await expect(gather({ processUploadFunction: 'acme-process-upload:live' })).resolves.toMatchObject({
      reservedConcurrency: 0,
    });
  });

  describe('of what lies elsewhere in the bucket', () => {
    /** A bucket that holds these keys, listed two at a time. */
    const holds = (...keys: string[]) => {
      const sorted = keys.sort();
      s3.on(ListObjectsV2Command, { Prefix: '' }).callsFake(
        ({ StartAfter: after = '', ContinuationToken: token }: ListObjectsV2CommandInput) => {
          const rest = sorted.filter((key) => key > (token ?? after));
          const more = rest.length > 2;
          return {
            Contents: rest
              .slice(0, 2)
              .map((key) => object(key, '2026-01-02T11:00:00Z', key.endsWith('/') ? 0 : 1)),
            IsTruncated: more,
            NextContinuationToken: more ? rest[1] : undefined,
          };
        },
      );
    };

    it('counts nothing that the pipeline knows: its prefixes, former ones, the sweep’s note, folder markers', async () => {
      holds('.upload-pipeline/sweep', 'in/a', 'in/b', 'in/c', 'done/a', 'uploads/a', 'processed/a', 'other/');

      await expect(
        gather({
          uploadPrefix: 'in/',
          processedPrefix: 'done/',
          formerPrefixes: [{ upload: 'uploads/', processed: 'processed/' }],
        }),
      ).resolves.toMatchObject({ elsewhere: { number: 0, atLeast: false, example: undefined } });
    });

    it('counts what a change of prefixes has left behind, before, between and behind the others', async () => {
      holds('a', 'in/a', 'in/b', 'in/c', 'done/a', 'mail/a', 'mail/b', 'mail/c', 'uploads/a', 'uploads/b');

      await expect(gather({ uploadPrefix: 'in/', processedPrefix: 'done/' })).resolves.toMatchObject({
        elsewhere: { number: 6, atLeast: false, example: 'a' },
      });
    });

    it('does not look where the whole bucket is watched', async () => {
      await gather({ uploadPrefix: '' });

      expect(s3.commandCalls(ListObjectsV2Command, { Prefix: '' })).toHaveLength(1); // for what waits
    });

    it('does not look in a bucket that others use too', async () => {
      holds('theirs/a');

      await expect(gather({ bucketOwner: 'another' })).resolves.toMatchObject({ elsewhere: { number: 0 } });
    });

    it('stops at some point, and says so', async () => {
      s3.on(ListObjectsV2Command, { Prefix: '' }).resolves({
        Contents: [object('mail/a', '2026-01-02T11:00:00Z')],
        IsTruncated: true,
        NextContinuationToken: 'more',
      });

      await expect(gather()).resolves.toMatchObject({ elsewhere: { number: 20, atLeast: true } });
    });
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

  it('reads every page of alarms: a stack of many functions has more than one', async () => {
    cloudwatch
      .on(DescribeAlarmsCommand)
      .resolves({ MetricAlarms: [{ AlarmName: 'acme-y', StateValue: 'OK' }], NextToken: 'more' })
      .on(DescribeAlarmsCommand, { NextToken: 'more' })
      .resolves({ MetricAlarms: [{ AlarmName: 'acme-z', StateValue: 'ALARM' }] });

    await expect(gather()).resolves.toMatchObject({ alarms: ['acme-z'] });
  });
});

describe('the screen', () => {
  const PLAIN = coloursFor({ write: () => true, isTTY: false });
  const WELL: Status = {
    waiting: { number: 3, atLeast: false },
    oldest: new Date('2026-01-02T11:59:30Z'),
    elsewhere: { number: 0, atLeast: false, example: undefined },
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

  it('shows what nobody moves, and where it lies', () => {
    const elsewhere = { number: 1200, atLeast: true, example: 'mail/a\nb' };

    expect(statusScreen({ ...WELL, elsewhere }, NOW, PLAIN)).toContain(
      'Elsewhere        at least 1,200 under no prefix of the pipeline, the first: mail/a\\nb (formerPrefixes)',
    );
  });

  it('does not take a deployment without alarms for one in trouble', () => {
    expect(needsAttention({ ...WELL, alarms: undefined })).toBe(false);
    expect(statusScreen({ ...WELL, alarms: undefined }, NOW, PLAIN)).toContain(
      'none are set up (health.enabled)',
    );
  });
});
