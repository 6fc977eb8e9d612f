import { LambdaEventSourceMapping } from '@cdktf/provider-aws/lib/lambda-event-source-mapping';
import { Token } from 'cdktf';
import { Construct } from 'constructs';
import type { FailureQueue } from '../failures/failure-queue';
import type { NodeFunction } from '../function/node-function';
import type { PolicyStatement } from '../base/policy';
import { requireInteger } from '../base/validate';
import type { WaitingLimits, Watch, Watched } from '../base/watch';

/** How a function reads a stream. https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html */
export interface StreamLimits {
  /** Records an invocation gets at most. 1–10,000. @default 100 */
  readonly batchSize?: number;
  /** How long to wait for a batch to fill, in seconds. 0–300. @default 0 */
  readonly maximumBatchingWindowSeconds?: number;
  /** Batches of a shard at a time; the order is then that of a partition key. 1–10. @default 1 */
  readonly parallelizationFactor?: number;
  /** Halves a batch that failed, so that one bad record is found. @default true */
  readonly bisectBatchOnFunctionError?: boolean;
  /** How often a batch is tried again: until then its shard waits. 0–10,000. @default 10 */
  readonly maximumRetryAttempts?: number;
  /** Records that are older are given up, in seconds. 60–604,800. @default 86400 */
  readonly maximumRecordAgeSeconds?: number;
  /** Where a new mapping begins: at the oldest record there is, or at the next one. @default 'TRIM_HORIZON' */
  readonly startingPosition?: 'TRIM_HORIZON' | 'LATEST';
}

export interface StreamSourceProps extends StreamLimits {
  /** ARN of a Kinesis stream or of a DynamoDB table's stream; both are made elsewhere. */
  readonly streamArn: string;
  /** Gets the records in batches, and answers with the first that failed (`batchItemFailures`). */
  readonly handler: NodeFunction;
  /** Gets the position of what was given up: shard and sequence numbers, never the records. */
  readonly failures: FailureQueue;
}

/** A Kinesis or DynamoDB stream that a function reads, in order by shard. */
export class StreamSource extends Construct implements Watched {
  private readonly handler: NodeFunction;

  constructor(scope: Construct, id: string, props: StreamSourceProps) {
    super(scope, id);
    this.handler = props.handler;
    const { streamArn, handler, failures, batchSize = 100, maximumBatchingWindowSeconds = 0 } = props;
    const { maximumRetryAttempts = 10, maximumRecordAgeSeconds = 86_400, parallelizationFactor = 1 } = props;
    const service = serviceOf(streamArn);
    validate({
      batchSize,
      maximumBatchingWindowSeconds,
      maximumRetryAttempts,
      maximumRecordAgeSeconds,
      parallelizationFactor,
    });
    const read = handler.allow(`read-${id}`, READ[service](streamArn));
    new LambdaEventSourceMapping(this, 'mapping', {
      eventSourceArn: streamArn,
      functionName: handler.arn,
      batchSize,
      maximumBatchingWindowInSeconds: maximumBatchingWindowSeconds,
      parallelizationFactor,
      bisectBatchOnFunctionError: props.bisectBatchOnFunctionError ?? true,
      maximumRetryAttempts,
      maximumRecordAgeInSeconds: maximumRecordAgeSeconds,
      startingPosition: props.startingPosition ?? 'TRIM_HORIZON',
      functionResponseTypes: ['ReportBatchItemFailures'],
      destinationConfig: { onFailure: { destinationArn: failures.queue.arn } },
      // Lambda tests both permissions when the mapping is made, and begins at once.
      dependsOn: [...new Set([read, failures.grantSend(handler), ...handler.dependencies])],
    });
  }

  /** One for all streams of a function. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
  watches({ waitingMinutes = 60 }: WaitingLimits): Watch[] {
    const { functionName } = this.handler;
    return [
      {
        name: 'iterator-age',
        meaning: `The last record that ${functionName} read from a stream was older than ${waitingMinutes} min.`,
        metric: {
          namespace: 'AWS/Lambda',
          metricName: 'IteratorAge',
          dimensions: { FunctionName: functionName },
          statistic: 'Maximum',
          period: 300,
        },
        threshold: waitingMinutes * 60_000,
        treatMissingData: 'notBreaching', // reported only when something is read
      },
    ];
  }
}

type Service = 'kinesis' | 'dynamodb';

/** `arn:aws:kinesis:REGION:ACCOUNT:stream/NAME`, `arn:aws:dynamodb:REGION:ACCOUNT:table/NAME/stream/LABEL`. */
const STREAM =
  /^arn:[\w-]+:(kinesis:[^:]+:\d{12}:stream\/.+|dynamodb:[^:]+:\d{12}:table\/[^/]+\/stream\/.+)$/u;

function serviceOf(streamArn: string): Service {
  // An ARN that is known only at deploy still says which service it will be of, if it is one of this stack's.
  if (Token.isUnresolved(streamArn) || STREAM.test(streamArn)) {
    return streamArn.includes('dynamodb') ? 'dynamodb' : 'kinesis';
  }
  throw new Error(
    `StreamSource.streamArn: got ${JSON.stringify(streamArn)}; expected the ARN of a Kinesis stream (…:stream/NAME) or of a DynamoDB table's stream (…:table/NAME/stream/LABEL).`,
  );
}

/** What Lambda's poller asks for. https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html */
const READ: Readonly<Record<Service, (streamArn: string) => PolicyStatement[]>> = {
  kinesis: (streamArn) => [
    {
      sid: 'ReadStream',
      actions: [
        'kinesis:DescribeStream',
        'kinesis:DescribeStreamSummary',
        'kinesis:GetRecords',
        'kinesis:GetShardIterator',
        'kinesis:ListShards',
      ],
      resources: [streamArn],
    },
  ],
  dynamodb: (streamArn) => [
    {
      sid: 'ReadStream',
      actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
      resources: [streamArn],
    },
    {
      sid: 'ListStreams',
      actions: ['dynamodb:ListStreams'],
      resources: [streamArn.replace(/\/stream\/.*$/u, '/stream/*')],
    },
  ],
};

function validate(
  limits: Required<Omit<StreamLimits, 'startingPosition' | 'bisectBatchOnFunctionError'>>,
): void {
  const ranges: Readonly<Record<keyof typeof limits, readonly [number, number]>> = {
    batchSize: [1, 10_000],
    maximumBatchingWindowSeconds: [0, 300],
    parallelizationFactor: [1, 10],
    maximumRetryAttempts: [0, 10_000],
    maximumRecordAgeSeconds: [60, 604_800],
  };
  for (const [name, [minimum, maximum]] of Object.entries(ranges)) {
    const value = limits[name as keyof typeof limits];
    requireInteger(value, { property: `StreamSource.${name}`, minimum, maximum });
  }
}
