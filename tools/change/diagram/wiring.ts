import { first, json, list, strings, text } from './blocks';
import { bucketOutside, DEFAULT_BUS, GraphBuilder, type Graph } from './graph';
import { joinGrants } from './grants';
import type { Resources } from '../../build/synthesize';

/**
 * Invocations, the paths of failures, and permissions, read from the wiring: notifications, rules and their
 * targets, subscriptions, event source mappings, schedules, destinations, dead-letter queues, permissions and grants.
 */
export function wiringOf(resources: Resources): Graph {
  const graph = new GraphBuilder(resources);
  joinNotifications(graph);
  joinRules(graph);
  joinSubscriptions(graph);
  joinSchedules(graph);
  joinMappings(graph);
  joinFailures(graph);
  joinGrants(graph);
  return graph.build();
}

function joinNotifications(graph: GraphBuilder): void {
  for (const { block } of graph.all('aws_s3_bucket_notification')) {
    const told = [
      ...list(block.lambda_function).map((target) => ({ target, to: target.lambda_function_arn })),
      ...list(block.queue).map((target) => ({ target, to: target.queue_arn })),
      ...list(block.topic).map((target) => ({ target, to: target.topic_arn })),
    ];
    for (const { target, to } of told) {
      const key = `${text(target.filter_prefix)}*${text(target.filter_suffix)}`;
      graph.join(block.bucket, to, `${events(target.events)} ${key}${unpermitted(graph, block.bucket, to)}`);
    }
    if (block.eventbridge === true) graph.join(block.bucket, DEFAULT_BUS, 'every event');
  }
}

function joinRules(graph: GraphBuilder): void {
  for (const { address, block } of graph.all('aws_cloudwatch_event_rule')) {
    if (block.event_pattern === undefined) continue;
    graph.join(DEFAULT_BUS, address, patternOf(block.event_pattern));
    // A bucket of the stack has a notification that says so; of one that exists the rule tells.
    for (const name of strings(first(first(json(block.event_pattern).detail).bucket).name)) {
      if (!name.startsWith('${')) graph.join(bucketOutside(name), DEFAULT_BUS, 'every event');
    }
  }
  for (const { block } of graph.all('aws_cloudwatch_event_target')) {
    const rule = graph
      .all('aws_cloudwatch_event_rule')
      .find(({ address }) => address === graph.resolve(block.rule));
    const from = rule?.address ?? block.rule;
    const when = text(rule?.block.schedule_expression) || 'asynchronously';
    graph.join(from, block.arn, `${when}${unpermitted(graph, from, block.arn)}`);
    graph.join(from, first(block.dead_letter_config).arn, 'undelivered', true);
  }
}

function joinSubscriptions(graph: GraphBuilder): void {
  for (const { block } of graph.all('aws_sns_topic_subscription')) {
    const { topic_arn: topic, endpoint, protocol } = block;
    graph.join(topic, endpoint, `${text(protocol)}${unpermitted(graph, topic, endpoint)}`);
    graph.join(topic, json(block.redrive_policy).deadLetterTargetArn, 'undelivered', true);
  }
}

function joinSchedules(graph: GraphBuilder): void {
  for (const { address, block } of graph.all('aws_scheduler_schedule')) {
    const target = first(block.target);
    graph.join(address, target.arn, text(block.schedule_expression));
    graph.join(address, first(target.dead_letter_config).arn, 'undelivered', true);
  }
}

function joinMappings(graph: GraphBuilder): void {
  for (const { block } of graph.all('aws_lambda_event_source_mapping')) {
    const { event_source_arn: source, function_name: handler, batch_size: size } = block;
    graph.join(source, handler, `batches of ${text(size)}`);
    const { destination_arn: failed } = first(first(block.destination_config).on_failure);
    graph.join(source, failed, 'given up', true);
  }
}

function joinFailures(graph: GraphBuilder): void {
  for (const { block } of graph.all('aws_lambda_function_event_invoke_config')) {
    const { on_failure: failed, on_success: done } = first(block.destination_config);
    const retries = text(block.maximum_retry_attempts);
    graph.join(block.function_name, first(failed).destination, `failed after ${retries} retries`, true);
    graph.join(block.function_name, first(done).destination, 'done');
  }
  for (const { address, block } of graph.all('aws_sqs_queue')) {
    const { deadLetterTargetArn, maxReceiveCount } = json(block.redrive_policy);
    graph.join(address, deadLetterTargetArn, `after ${text(maxReceiveCount)} attempts`, true);
  }
}

/** The label of an arrow to a function whose source has no permission: without one, it cannot invoke. */
function unpermitted(graph: GraphBuilder, from: unknown, to: unknown): string {
  if (!graph.resolve(to)?.startsWith('aws_lambda_function.')) return '';
  const permitted = graph
    .all('aws_lambda_permission')
    .some(
      ({ block }) =>
        graph.resolve(block.function_name) === graph.resolve(to) &&
        graph.resolve(block.source_arn) === graph.resolve(from),
    );
  return permitted ? '' : ' (NOT PERMITTED)';
}

/** The object that a rule asks for, in a few words. */
function patternOf(pattern: unknown): string {
  const { 'detail-type': types, detail } = json(pattern);
  const { key, size } = first(first(detail).object);
  const said = [...list(key), ...list(size)].map((condition) =>
    JSON.stringify(condition).replaceAll('"', ''),
  );
  return [strings(types).join(', '), ...said].join(' ').trim();
}

const events = (value: unknown): string => strings(value).join(', ').replaceAll('s3:', '');
