import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { Construct, type IConstruct } from 'constructs';
import { isWatched, type WaitingLimits, type Watch } from '../base/watch';
import { FailureQueue } from '../failures/failure-queue';
import { NodeFunction } from '../function/node-function';
import { Alarm, type AlarmContext } from './alarm';
import { AlarmTopic } from './alarm-topic';
import { functionWatches, type FunctionThresholds } from './function-watches';
import { HealthDashboard } from './health-dashboard';
import { failureQueueWatches, workQueueWatches, type FailureLimits } from './queue-watches';
import { SavedQueries } from './saved-queries';

export interface HealthProps extends FunctionThresholds, WaitingLimits, FailureLimits {
  /** Start of the name of everything here. */
  readonly namePrefix: string;
  /** The functions and queues below this are watched. */
  readonly of: IConstruct;
  /** The function that moves uploads: the dashboard follows its data. */
  readonly mover: NodeFunction;
  /** The queue that its failed events end in. */
  readonly failures: FailureQueue;
  /** The namespace that the functions publish their metrics in. */
  readonly metricsNamespace: string;
  /** Saves the runbook's queries. @default true */
  readonly savedQueries?: boolean;
  /** Who gets an e-mail. @default nobody */
  readonly emails?: readonly string[];
  /** Where the runbook can be read, without a section. */
  readonly runbookUrl: string;
}

/**
 * Alarms on what an asynchronous pipeline loses events by, one topic they report to, one dashboard, saved queries: of
 * every function and every queue that is in the construct tree when this is made. Make it last.
 */
export class Health extends Construct {
  readonly topic: AlarmTopic;
  private readonly context: AlarmContext;
  private readonly made = new Map<string, Watch>();
  private readonly watched = new Set<IConstruct>();

  constructor(scope: Construct, id: string, props: HealthProps) {
    super(scope, id);
    const { namePrefix, mover, failures, metricsNamespace, runbookUrl } = props;
    this.topic = new AlarmTopic(this, 'topic', { topicName: `${namePrefix}-alarms`, emails: props.emails });
    this.context = { namePrefix, topic: this.topic, runbookUrl };
    const all = props.of.node.findAll();
    const functions = all.filter((construct) => construct instanceof NodeFunction);
    const queues = all.filter((construct) => construct instanceof SqsQueue);

    for (const handler of functions) this.watchFunction(handler, props);
    for (const queue of queues) this.watchQueue(queue, props);
    for (const construct of all.filter(isWatched)) this.watch(this, construct, construct.watches(props));
    new HealthDashboard(this, 'dashboard', {
      dashboardName: namePrefix,
      mover,
      failures,
      functions,
      queues,
      metricsNamespace,
      runbookUrl,
    });
    if (props.savedQueries ?? true) {
      new SavedQueries(this, 'queries', { folder: namePrefix, mover, functions });
    }
  }

  /** Whether a function or a queue has its alarms. */
  covers(construct: IConstruct): boolean {
    return this.watched.has(construct);
  }

  private watchFunction(handler: NodeFunction, thresholds: FunctionThresholds): void {
    const group = new Construct(this, handler.node.id);
    this.watched.add(handler);
    for (const watch of functionWatches(handler, thresholds)) {
      new Alarm(group, { ...this.context, namePrefix: handler.functionName }, watch);
    }
    this.watch(group, handler, handler.ownWatches);
  }

  private watchQueue(queue: SqsQueue, { failures, ...limits }: HealthProps): void {
    const owner = queue.node.scope;
    const queueName = queue.nameInput ?? queue.name;
    this.watched.add(queue);
    if (owner === failures) {
      // The first of them, which has older names than the rest.
      const names = { name: 'failure-queue', queueName, fifo: false };
      this.watch(new Construct(this, failures.node.id), queue, failureQueueWatches(names, limits));
      return;
    }
    const name = owner?.node.id ?? queue.node.id;
    const watches =
      owner instanceof FailureQueue
        ? failureQueueWatches({ name, queueName, fifo: queue.fifoQueueInput === true }, limits)
        : workQueueWatches({ name, queueName }, limits);
    this.watch(this, queue, watches);
  }

  /** A name is given once: another construct that asks for it gets its own id before it. */
  private watch(scope: Construct, source: IConstruct, watches: readonly Watch[]): void {
    for (const watch of watches) {
      const same = this.made.get(watch.name);
      if (same === undefined) {
        this.made.set(watch.name, watch);
        new Alarm(scope, this.context, watch);
      } else if (JSON.stringify(same.metric) !== JSON.stringify(watch.metric)) {
        const name = `${source.node.id}-${watch.name}`;
        new Alarm(scope, this.context, { ...watch, name, section: watch.section ?? watch.name });
      }
    }
  }
}
