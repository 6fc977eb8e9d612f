import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard';
import type { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { Construct } from 'constructs';
import { DeploymentTarget } from '../base/deployment-target';
import type { Watch } from '../base/watch';
import type { FailureQueue } from '../failures/failure-queue';
import type { NodeFunction } from '../function/node-function';
import { graph, layOut, text, type Line, type Widget } from './dashboard-widgets';
import { moverWidgets } from './mover-widgets';

export interface HealthDashboardProps {
  readonly dashboardName: string;
  /** The function that moves uploads. */
  readonly mover: NodeFunction;
  /** Where its failed events end. */
  readonly failures: FailureQueue;
  /** Every function, each a row at the end. */
  readonly functions: readonly NodeFunction[];
  /** Every queue, likewise. */
  readonly queues: readonly SqsQueue[];
  /** The namespace that the functions publish their metrics in. */
  readonly metricsNamespace: string;
  /** Where the runbook can be read. */
  readonly runbookUrl: string;
}

/** One page that reads top to bottom as the data flows, and then shows each function and each queue. */
export class HealthDashboard extends Construct {
  readonly dashboard: CloudwatchDashboard;

  constructor(scope: Construct, id: string, props: HealthDashboardProps) {
    super(scope, id);
    const { region } = DeploymentTarget.of(this);
    const queueName = nameOf(props.failures.queue);
    const widgets = [
      ...moverWidgets({ ...props, region, queueName }),
      text('## 7. Every function\nOne row each: what it did, how long that took, and what its unit watches.'),
      ...props.functions.flatMap((handler) => functionRow(region, handler)),
      text('## 8. Every queue\nOne row each: how many messages wait, and since when.'),
      ...props.queues.flatMap((queue) => queueRow(region, nameOf(queue))),
    ];
    this.dashboard = new CloudwatchDashboard(this, 'dashboard', {
      dashboardName: props.dashboardName,
      dashboardBody: JSON.stringify({ widgets: layOut(widgets) }),
    });
  }
}

const nameOf = (queue: SqsQueue): string => queue.nameInput ?? queue.name;

function functionRow(region: string, { functionName, ownWatches }: NodeFunction): Widget[] {
  const lambda = (name: string): Line['metric'] => ['AWS/Lambda', name, 'FunctionName', functionName];
  const row = [
    graph(
      region,
      `${functionName}: invocations`,
      [
        { label: 'Invocations', metric: lambda('Invocations') },
        { label: 'Failed', metric: lambda('Errors') },
        { label: 'Throttled', metric: lambda('Throttles') },
        { label: 'Events dropped', metric: lambda('AsyncEventsDropped') },
      ],
      'invocations',
    ),
    graph(
      region,
      `${functionName}: duration and waiting`,
      [
        { label: 'Slowest hundredth', metric: lambda('Duration'), stat: 'p99' },
        { label: 'Oldest event', metric: lambda('AsyncEventAge'), stat: 'Maximum' },
      ],
      'milliseconds',
    ),
  ];
  return [...row, ...ownWatches.flatMap((watch) => watchGraph(region, functionName, watch))];
}

/** What a unit watches beside; an expression over several metrics is left to its alarm. */
function watchGraph(region: string, functionName: string, { name, metric }: Watch): Widget[] {
  if (!('metricName' in metric)) return [];
  const { namespace = '', metricName = '', dimensions = {}, statistic, extendedStatistic } = metric;
  const dimension = Object.entries(dimensions)[0] ?? ['', ''];
  const line: Line = {
    label: metricName,
    metric: [namespace, metricName, ...dimension],
    stat: extendedStatistic ?? statistic,
  };
  return [graph(region, `${functionName}: ${name}`, [line], metricName)];
}

function queueRow(region: string, queueName: string): Widget[] {
  const sqs = (name: string): Line['metric'] => ['AWS/SQS', name, 'QueueName', queueName];
  const one = (title: string, name: string, unit: string): Widget =>
    graph(region, `${queueName}: ${title}`, [{ label: title, metric: sqs(name), stat: 'Maximum' }], unit);
  return [
    one('waiting', 'ApproximateNumberOfMessagesVisible', 'messages'),
    one('oldest', 'ApproximateAgeOfOldestMessage', 'seconds'),
  ];
}
