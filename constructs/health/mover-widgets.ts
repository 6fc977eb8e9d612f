import type { NodeFunction } from '../function/node-function';
import { graph, text, type Line, type Widget } from './dashboard-widgets';

export interface MoverWidgetsProps {
  readonly region: string;
  /** The function that moves uploads. */
  readonly mover: NodeFunction;
  /** The queue that its failed events end in. */
  readonly queueName: string;
  /** The namespace that the functions publish their metrics in. */
  readonly metricsNamespace: string;
  /** Where the runbook can be read. */
  readonly runbookUrl: string;
}

/** The way of an upload, from top to bottom. */
export function moverWidgets(props: MoverWidgetsProps): Widget[] {
  const { region, queueName, metricsNamespace } = props;
  const { functionName, memorySizeMb } = props.mover;
  const ours = (name: string, service = 'process-upload'): Line['metric'] => [
    metricsNamespace,
    name,
    'service',
    service,
  ];
  const lambda = (name: string): Line['metric'] => ['AWS/Lambda', name, 'FunctionName', functionName];
  const sqs = (name: string): Line['metric'] => ['AWS/SQS', name, 'QueueName', queueName];

  return [
    text(
      `## 1. Uploads\nWhat arrived and is still there. The sweep looks for uploads that no event announced; in between, nobody counts. What to do about an alarm: ${props.runbookUrl}`,
    ),
    graph(
      region,
      'Uploads found waiting',
      [
        { label: 'Waiting', metric: ours('UploadsWaiting', 'sweep'), stat: 'Maximum' },
        { label: 'Resubmitted', metric: ours('UploadsResubmitted', 'sweep') },
      ],
      'uploads',
    ),
    graph(
      region,
      'Age of the oldest upload found waiting',
      [{ label: 'Oldest', metric: ours('OldestUploadAgeSeconds', 'sweep'), stat: 'Maximum' }],
      'seconds',
    ),
    text(
      '## 2. Invocations\nEach upload is an event, each event at least one invocation. A throttled one is tried again for hours; a failed one twice.',
    ),
    graph(
      region,
      'Invocations',
      [
        { label: 'Invocations', metric: lambda('Invocations') },
        { label: 'Failed', metric: lambda('Errors') },
        { label: 'Throttled', metric: lambda('Throttles') },
      ],
      'invocations',
    ),
    graph(
      region,
      'Duration',
      [
        { label: 'Median', metric: lambda('Duration'), stat: 'p50' },
        { label: 'Slowest hundredth', metric: lambda('Duration'), stat: 'p99' },
      ],
      'milliseconds',
    ),
    text(
      "## 3. Waiting for an execution\nHow long events wait in Lambda's own queue, and how many run at a time. Events that wait too long end in the failure queue.",
    ),
    graph(
      region,
      'Age of events',
      [{ label: 'Oldest', metric: lambda('AsyncEventAge'), stat: 'Maximum' }],
      'milliseconds',
    ),
    graph(
      region,
      'Executions at a time',
      [{ label: 'Executions', metric: lambda('ConcurrentExecutions'), stat: 'Maximum' }],
      'executions',
    ),
    text(
      '## 4. Moves\nWhat was done. A replaced object lives on as an older version; a conflict is someone else writing the same key, and is tried again.',
    ),
    graph(
      region,
      'Uploads moved',
      [
        { label: 'Moved', metric: ours('UploadsMoved') },
        { label: 'Replaced what was there', metric: ours('UploadsReplaced') },
        { label: 'Ignored', metric: ours('UploadsIgnored') },
      ],
      'uploads',
    ),
    graph(
      region,
      'Trouble on the way',
      [
        { label: 'Attempts that failed', metric: ours('UploadsFailed') },
        { label: 'Conflicts', metric: ours('Conflicts') },
      ],
      'attempts',
    ),
    text(
      '## 5. Failures\nWhat failed after its last attempt waits in the queue until `npm run redrive` sends it back or the retention ends. Anything on the right is lost for Lambda: the sweep finds the upload again.',
    ),
    graph(
      region,
      'Failure queue',
      [
        { label: 'Records', metric: sqs('ApproximateNumberOfMessagesVisible'), stat: 'Maximum' },
        { label: 'Being worked on', metric: sqs('ApproximateNumberOfMessagesNotVisible'), stat: 'Maximum' },
      ],
      'records',
    ),
    graph(
      region,
      'Lost by Lambda',
      [
        { label: 'Events dropped', metric: lambda('AsyncEventsDropped') },
        { label: 'Records not delivered', metric: lambda('DestinationDeliveryFailures') },
        { label: 'Dropped in a loop', metric: lambda('RecursiveInvocationsDropped') },
      ],
      'events',
    ),
    text(
      '## 6. What it costs\nLambda bills GB-seconds and invocations; a move is two S3 requests. KMS, alarms and this page cost the same every month.',
    ),
    graph(
      region,
      'GB-seconds',
      [
        { label: 'Duration', metric: lambda('Duration'), id: 'milliseconds', visible: false },
        { label: 'GB-seconds', expression: `milliseconds / 1000 * ${memorySizeMb} / 1024`, id: 'cost' },
      ],
      'GB-seconds',
    ),
    graph(region, 'Bytes moved', [{ label: 'Bytes', metric: ours('BytesMoved') }], 'bytes'),
  ];
}
