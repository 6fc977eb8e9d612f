import { CloudWatchClient, DescribeAlarmsCommand, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  GetAliasCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { ListObjectsV2Command, S3Client, type ListObjectsV2CommandInput } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import type { Target } from '../../../../tools/lib/target';
import { coloursFor } from '../../../../tools/lib/terminal';
import { gatherStatus, type Status } from '../../../../tools/operate/status/gather';
import { needsAttention, statusScreen } from '../../../../tools/operate/status/screen';
import { watchStatus } from '../../../../tools/operate/status/watch';

const NOW = new Date('2026-01-02T12:00:00Z');
const TARGET = {
  uploadBucket: 'bucket',
  uploadPrefix: 'uploads/',
  processedPrefix: 'processed/',
  formerPrefixes: [],
  failureQueueUrl: 'https://queue',
  fifoFailureQueueUrl: undefined,
  furtherPipelines: [],
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
  lambda.on(GetFunctionConfigurationCommand).resolves({ LastModified: '2026-01-01T08:00:00.000+0000' });
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

    await expect(gather()).resolves.toMatchObject({ failures: 5, failuresInFlight: 2 });
  });

  it('asks for the concurrency of the function: its alias has none', async () => {
    lambda
      .on(GetFunctionConcurrencyCommand, { FunctionName: 'acme-process-upload' })
      .resolves({ ReservedConcurrentExecutions: 0 });

    lambda.on(GetAliasCommand).resolves({});
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

    it('knows every pipeline of the bucket, its sweep’s note and its redrives', async () => {
      holds('.upload-pipeline/redrives/a', '.upload-pipeline/sweep', 'in/a', 'invoices/a', 'paid/a', 'z');
      const prefixes = { uploadPrefix: 'invoices/', processedPrefix: 'paid/' };
      s3.on(ListObjectsV2Command, { Prefix: 'invoices/' }).resolves({
        IsTruncated: false,
        Contents: [object('invoices/a', '2026-01-02T10:00:00Z')],
      });

      await expect(
        gather({
          uploadPrefix: 'in/',
          furtherPipelines: [{ prefixes, processUploadFunction: 'acme-invoices' }],
        }),
      ).resolves.toMatchObject({ elsewhere: { number: 1, example: 'z' }, waiting: { number: 1 } });
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

  it('says which version answers, by the alias or by the code', async () => {
    await expect(gather()).resolves.toMatchObject({ live: { changed: '2026-01-01T08:00:00.000+0000' } });
    lambda
      .on(GetAliasCommand, { FunctionName: 'acme-process-upload', Name: 'live' })
      .resolves({ FunctionVersion: '7', RoutingConfig: { AdditionalVersionWeights: { '8': 0.1 } } });

    await expect(gather({ processUploadFunction: 'acme-process-upload:live' })).resolves.toMatchObject({
      live: { version: '7', canary: { version: '8', weight: 0.1 } },
    });
  });

  it('counts the queue that S3 notifies, where there is one', async () => {
    sqs.on(GetQueueAttributesCommand, { QueueUrl: 'https://uploads' }).resolves({
      Attributes: { ApproximateNumberOfMessages: '3', ApproximateNumberOfMessagesNotVisible: '2' },
    });

    await expect(gather({ uploadQueueUrl: 'https://uploads' })).resolves.toMatchObject({
      uploadQueue: { visible: 3, hidden: 2 },
      failures: 0,
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
    failuresInFlight: 0,
    uploadQueue: undefined,
    live: { version: undefined, canary: undefined, changed: '2026-01-01T08:00:00.000+0000' },
    lastRedrive: undefined,
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
        '  Last redrive     none',
        '  Version          the latest code, of 2026-01-01 08:00:00',
        "  Concurrency      from the account's pool",
        '  Alarms           none in ALARM',
      ].join('\n'),
    );
    expect(needsAttention(WELL)).toBe(false);
  });

  it.each([
    [{ failures: 2 }, 'Failures         2: npm run failures'],
    [
      { failures: 2, failuresInFlight: 1 },
      'Failures         2, 1 of them in flight (redrive or failures): npm run failures',
    ],
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

  it('shows the version, a canary, and the last redrive', () => {
    const live = { version: '7', canary: { version: '8', weight: 0.1 }, changed: undefined };
    const lastRedrive = {
      name: 'bug 42',
      by: 'me',
      began: '2026-01-02T03:04:05.000Z',
      options: [],
      redriven: 5,
    };
    const screen = statusScreen({ ...WELL, live, lastRedrive }, NOW, PLAIN);

    expect(screen).toContain('Version          7, 8 gets 10 %');
    expect(screen).toContain(
      'Last redrive     2026-01-02 03:04Z  bug 42  5 redriven, did not end: runs still, or was killed',
    );
  });

  describe('watched', () => {
    async function watched(output: { isTTY?: boolean }, json = false) {
      const written: string[] = [];
      const interrupt = new AbortController();
      let times = 0;
      await watchStatus({
        gather: () => (++times === 2 ? Promise.reject(new Error('not now')) : Promise.resolve(WELL)),
        json,
        output: { ...output, write: (text) => written.push(text) },
        signal: interrupt.signal,
        wait: () => {
          if (times === 3) interrupt.abort();
          return Promise.resolve();
        },
      });
      return written;
    }

    it('is redrawn in place on a terminal', async () => {
      const [first = '', second = '', third = ''] = await watched({ isTTY: true });

      expect(first).not.toContain('\u001b[8A');
      expect(second.startsWith('\u001b[8A\u001b[J')).toBe(true);
      expect(second).toContain('not now');
      expect(third.startsWith('\u001b[1A\u001b[J  Uploads waiting')).toBe(true);
    });

    it('is a line each without one, without escapes', async () => {
      const lines = await watched({});

      expect(lines).toHaveLength(3);
      expect(lines[0]).toMatch(
        /^\d\d:\d\d:\d\dZ {2}3 waiting {2}at least 20,000 processed today {2}0 failures {2}alarms: none\n$/u,
      );
      expect(lines.join('')).not.toContain('\u001b');
    });

    it('is an object a line for programs', async () => {
      const objects = (await watched({ isTTY: true }, true)).map((line) => JSON.parse(line) as object);

      expect(objects).toMatchObject([{ failures: 0 }, { error: 'not now' }, { failures: 0 }]);
    });
  });

  it('does not take a deployment without alarms for one in trouble', () => {
    expect(needsAttention({ ...WELL, alarms: undefined })).toBe(false);
    expect(statusScreen({ ...WELL, alarms: undefined }, NOW, PLAIN)).toContain(
      'none are set up (health.enabled)',
    );
  });
});
