import { metricsNamespace } from '../../../config/names';
import {
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  type CloudWatchClient,
  type DescribeAlarmsCommandOutput,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import {
  GetAliasCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  type LambdaClient,
} from '@aws-sdk/client-lambda';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { listUploads } from '../../../handlers/sweep/prefix-listing';
import { listPage } from '../../../handlers/sweep/s3-listing';
import type { Page, Position } from '../../../handlers/sweep/sweep';
import { bareName } from '../../lib/lambda';
import { countMessages, countObjects, type Counted, type Messages } from '../../lib/count';
import { allPrefixes } from '../../lib/prefixes';
import { failureQueues, type Target } from '../../lib/target';
import { total } from '../failures/queue';
import { s3History, type Run } from '../redrive/history';
import { countElsewhere, type Elsewhere } from './elsewhere';

/** The pipeline at one moment. */
export interface Status {
  readonly waiting: Counted;
  /** When the oldest of the counted uploads arrived; undefined: there is none. */
  readonly oldest: Date | undefined;
  readonly elsewhere: Elsewhere;
  /** Since midnight, UTC. */
  readonly processedToday: Counted;
  /** Records in the failure queue, hidden ones too. */
  readonly failures: number;
  /** Those of them that a redrive or `failures` holds. */
  readonly failuresInFlight: number;
  /** The queue that S3 notifies; undefined with another trigger. */
  readonly uploadQueue: Messages | undefined;
  /** What answers: the versions of the alias, or the code as it was changed last. */
  readonly live: Live;
  readonly lastRedrive: Run | undefined;
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

/** The code that answers. */
export interface Live {
  /** A published version, where there is an alias. */
  readonly version: string | undefined;
  /** A second version, and its share of the invocations. */
  readonly canary: { readonly version: string; readonly weight: number } | undefined;
  /** When the code was changed last, where there is no alias. */
  readonly changed: string | undefined;
}

export async function gatherStatus(target: Target, clients: Clients, now: Date): Promise<Status> {
  const midnight = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()));
  const [
    uploads,
    elsewhere,
    processedToday,
    failures,
    reservedConcurrency,
    alarms,
    uploadQueue,
    live,
    [lastRedrive],
  ] = await Promise.all([
    countObjects((position) =>
      listUploads(
        { client: clients.s3, bucket: target.uploadBucket, prefixes: allPrefixes(target) },
        position,
      ),
    ),
    countElsewhere(target, clients.s3),
    countProcessed(target, clients, midnight, now),
    Promise.all(failureQueues(target).map((url) => countMessages(clients.sqs, url))),
    readConcurrency(target, clients.lambda),
    readAlarms(target, clients.cloudwatch),
    target.uploadQueueUrl === undefined ? undefined : countMessages(clients.sqs, target.uploadQueueUrl),
    readLive(target, clients.lambda),
    s3History({ client: clients.s3, bucket: target.uploadBucket, prefixes: target })
      .read(1)
      .catch(() => []), // who may not read it sees the rest
  ]);
  const { oldest, ...waiting } = uploads;
  return {
    waiting,
    oldest,
    elsewhere,
    processedToday,
    failures: failures.reduce((sum, counts) => sum + total(counts), 0),
    failuresInFlight: failures.reduce((sum, { hidden }) => sum + hidden, 0),
    uploadQueue,
    live,
    lastRedrive,
    reservedConcurrency,
    alarms,
  };
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
  const { uploadBucket: bucket, processedPrefix: prefix } = target;
  const list = (position: Position): Promise<Page> =>
    listPage({ client: clients.s3, bucket, prefix }, position);
  return countObjects(list, { since: midnight });
}

async function readLive({ processUploadFunction }: Target, client: Clients['lambda']): Promise<Live> {
  const [FunctionName, Name] = processUploadFunction.split(':');
  if (Name === undefined) {
    const { LastModified } = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
    return { version: undefined, canary: undefined, changed: LastModified };
  }
  const { FunctionVersion, RoutingConfig } = await client.send(new GetAliasCommand({ FunctionName, Name }));
  const [canary] = Object.entries(RoutingConfig?.AdditionalVersionWeights ?? {});
  return {
    version: FunctionVersion,
    canary: canary && { version: canary[0], weight: canary[1] },
    changed: undefined,
  };
}

async function readConcurrency(
  { processUploadFunction }: Target,
  client: Clients['lambda'],
): Promise<number | undefined> {
  // It is the function's: an alias has none of its own.
  const command = new GetFunctionConcurrencyCommand({ FunctionName: bareName(processUploadFunction) });
  return (await client.send(command)).ReservedConcurrentExecutions;
}

async function readAlarms(
  { namePrefix }: Target,
  client: Clients['cloudwatch'],
): Promise<readonly string[] | undefined> {
  const alarms: MetricAlarm[] = [];
  let NextToken: string | undefined;
  do {
    const page: DescribeAlarmsCommandOutput = await client.send(
      new DescribeAlarmsCommand({
        AlarmNamePrefix: `${namePrefix}-`,
        AlarmTypes: ['MetricAlarm'],
        MaxRecords: 100, // the most that CloudWatch takes
        NextToken,
      }),
    );
    alarms.push(...(page.MetricAlarms ?? []));
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  if (alarms.length === 0) return undefined;
  return alarms.filter(({ StateValue }) => StateValue === 'ALARM').map(({ AlarmName = '' }) => AlarmName);
}
