import {
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  type CloudWatchClient,
} from '@aws-sdk/client-cloudwatch';
import { GetFunctionConcurrencyCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { metricsNamespace } from '../../../config/names';
import { listPage } from '../../../handlers/sweep/s3-listing';
import type { Page, Position } from '../../../handlers/sweep/sweep';
import { isFolderMarker } from '../../../handlers/process-upload/keys';
import type { Target } from '../../lib/target';

/** A number of objects, and whether it is all of them. */
export interface Counted {
  readonly number: number;
  /** Only so many were counted: there may be more. */
  readonly atLeast: boolean;
}

/** The pipeline at one moment. */
export interface Status {
  readonly waiting: Counted;
  /** When the oldest of the counted uploads arrived; undefined: there is none. */
  readonly oldest: Date | undefined;
  /** Since midnight, UTC. */
  readonly processedToday: Counted;
  /** Records in the failure queue. */
  readonly failures: number;
  /** 0: the mover is stopped; undefined: it takes from the account's pool. */
  readonly reservedConcurrency: number | undefined;
  /** Names of the alarms in ALARM; undefined: there are no alarms. */
  readonly alarms: readonly string[] | undefined;
}

export interface Clients {
  readonly s3: Pick<S3Client, 'send'>;
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly lambda: Pick<LambdaClient, 'send'>;
  readonly cloudwatch: Pick<CloudWatchClient, 'send'>;
}

/** How many pages of a listing are read at most: 20,000 objects. */
const MOST_PAGES = 20;

export async function gatherStatus(target: Target, clients: Clients, now: Date): Promise<Status> {
  const midnight = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()));
  const [uploads, processedToday, failures, reservedConcurrency, alarms] = await Promise.all([
    countObjects(target, clients.s3, target.uploadPrefix),
    countProcessed(target, clients, midnight, now),
    countFailures(target, clients.sqs),
    readConcurrency(target, clients.lambda),
    readAlarms(target, clients.cloudwatch),
  ]);
  return { ...uploads, processedToday, failures, reservedConcurrency, alarms };
}

async function countObjects(
  { uploadBucket: bucket, processedPrefix }: Target,
  client: Clients['s3'],
  prefix: string,
  since = new Date(0),
): Promise<{ waiting: Counted; oldest: Date | undefined }> {
  const listing = {
    client,
    bucket,
    prefix,
    ...(prefix === processedPrefix ? {} : { passOver: processedPrefix }),
  };
  let number = 0;
  let oldest: Date | undefined;
  let next: Position | undefined = {};
  for (let page = 0; next !== undefined && page < MOST_PAGES; page += 1) {
    const { objects, next: goesOn }: Page = await listPage(listing, next);
    for (const { key, size, lastModified } of objects) {
      if (lastModified < since || isFolderMarker(key, size)) continue;
      number += 1;
      if (oldest === undefined || lastModified < oldest) oldest = lastModified;
    }
    next = goesOn;
  }
  return { waiting: { number, atLeast: next !== undefined }, oldest };
}

/** By the mover's own metric; where there is none, as on the local engine, by what lies under the processed prefix. */
async function countProcessed(target: Target, clients: Clients, midnight: Date, now: Date): Promise<Counted> {
  const { MetricDataResults: [moved] = [] } = await clients.cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: midnight,
      EndTime: now,
      MetricDataQueries: [
        {
          Id: 'moved',
          MetricStat: {
            Metric: {
              Namespace: metricsNamespace(target.namePrefix),
              MetricName: 'UploadsMoved',
              Dimensions: [{ Name: 'service', Value: 'process-upload' }],
            },
            Period: 300,
            Stat: 'Sum',
          },
        },
      ],
    }),
  );
  const values = moved?.Values ?? [];
  if (values.length > 0) return { number: values.reduce((sum, value) => sum + value, 0), atLeast: false };
  return (await countObjects(target, clients.s3, target.processedPrefix, midnight)).waiting;
}

async function countFailures({ failureQueueUrl }: Target, client: Clients['sqs']): Promise<number> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: failureQueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return (
    Number(Attributes.ApproximateNumberOfMessages ?? 0) +
    Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0)
  );
}

async function readConcurrency(
  { processUploadFunction }: Target,
  client: Clients['lambda'],
): Promise<number | undefined> {
  // The function has one; an alias, as in NAME:live, has none.
  const [FunctionName] = processUploadFunction.split(':');
  const command = new GetFunctionConcurrencyCommand({ FunctionName });
  return (await client.send(command)).ReservedConcurrentExecutions;
}

async function readAlarms(
  { namePrefix }: Target,
  client: Clients['cloudwatch'],
): Promise<readonly string[] | undefined> {
  const { MetricAlarms: alarms = [] } = await client.send(
    new DescribeAlarmsCommand({
      AlarmNamePrefix: `${namePrefix}-`,
      AlarmTypes: ['MetricAlarm'],
      MaxRecords: 100,
    }),
  );
  if (alarms.length === 0) return undefined;
  return alarms.filter(({ StateValue }) => StateValue === 'ALARM').map(({ AlarmName = '' }) => AlarmName);
}
