import type { TerraformStack } from 'cdktf';
import { outermost } from '../constructs/uploads/prefix-pair';
import {
  ProcessedFunction,
  ProcessedQueue,
  ProcessedTopic,
  type ProcessedListener,
} from '../constructs/uploads/processed-listeners';
import { ProcessedRule } from '../constructs/uploads/processed-rule';
import type { UploadBucket } from '../constructs/uploads/upload-bucket';
import { uploadSource } from '../constructs/uploads/upload-trigger';
import { addOutput, type Shared } from './shared';

/** Tells others of every processed object, by S3's own event: at least once, whatever the function does afterwards. */
export function addOnProcessed(stack: TerraformStack, shared: Shared, uploads: UploadBucket): void {
  const { onProcessed, trigger, namePrefix, prefixes, formerPrefixes } = shared.settings;
  const { eventBus: eventBusArn } = onProcessed;
  const processed = outermost([prefixes, ...formerPrefixes].map((pair) => pair.processed));
  const listeners = addListeners(stack, shared);
  if (trigger === 'eventbridge' && (listeners.length > 0 || eventBusArn !== undefined)) {
    const ruleName = `${namePrefix}-processed`;
    const props = { ruleName, uploads, prefixes: processed, listeners, eventBusArn };
    const rule = new ProcessedRule(stack, 'processed-rule', props);
    uploads.announce({ eventbridge: true }, rule.targets);
    return;
  }
  for (const listener of listeners) {
    const filters = processed.map((filterPrefix) => ({ events: ['s3:ObjectCreated:*'], filterPrefix }));
    uploads.announce(listener.target(filters), listener.accept(uploadSource(uploads)));
  }
}

function addListeners(stack: TerraformStack, { settings, encryptionKey }: Shared): ProcessedListener[] {
  const { topic, queue, function: functionArn, subscribers } = settings.onProcessed;
  const name = `${settings.namePrefix}-processed`;
  const listeners: ProcessedListener[] = [];
  if (topic) {
    const made = new ProcessedTopic(stack, 'processed-topic', {
      topicName: name,
      encryptionKey,
      subscribers,
    });
    addOutput(
      stack,
      'processed_topic_arn',
      made.arn,
      'Subscribers of this topic hear of every processed object',
    );
    listeners.push(made);
  }
  if (queue) {
    const made = new ProcessedQueue(stack, 'processed-queue', { queueName: name, encryptionKey });
    addOutput(stack, 'processed_queue_url', made.queue.url, 'News of every processed object waits here');
    listeners.push(made);
  }
  if (functionArn !== undefined)
    listeners.push(new ProcessedFunction(stack, 'processed-function', functionArn));
  return listeners;
}
