import { TerraformOutput, type TerraformStack } from 'cdktf';
import type { Settings } from '../config/settings';
import { DirectTrigger } from '../constructs/uploads/direct-trigger';
import type { EncryptionKey } from '../constructs/keys/encryption-key';
import { EventBridgeTrigger } from '../constructs/uploads/event-bridge-trigger';
import type { FailureQueue } from '../constructs/failures/failure-queue';
import { QueueTrigger } from '../constructs/uploads/queue-trigger';
import { TopicTrigger } from '../constructs/uploads/topic-trigger';
import type { UploadTrigger } from '../constructs/uploads/upload-trigger';

interface Parts {
  readonly failures: FailureQueue;
  readonly encryptionKey: EncryptionKey | undefined;
}

/** The way from an upload to the function that the settings pick. Which to choose: docs/event-sources.md. */
export function uploadTrigger(
  stack: TerraformStack,
  settings: Settings,
  { failures, encryptionKey }: Parts,
): UploadTrigger {
  const name = `${settings.namePrefix}-uploads`;
  switch (settings.trigger) {
    case 'direct':
      return new DirectTrigger();
    case 'queue': {
      const props = { ...settings.uploadQueue, queueName: name, failures, encryptionKey };
      const trigger = new QueueTrigger(stack, 'upload-queue', props);
      output(stack, 'upload_queue_url', trigger.queue.url, 'Uploads that wait for the function');
      return trigger;
    }
    case 'eventbridge':
      return new EventBridgeTrigger(stack, 'upload-rule', {
        ...settings.uploadRule,
        ruleName: name,
        failures,
      });
    case 'topic': {
      const props = { ...settings.uploadTopic, topicName: name, failures, encryptionKey };
      const trigger = new TopicTrigger(stack, 'upload-topic', props);
      output(stack, 'upload_topic_arn', trigger.topic.arn, 'Whoever subscribes hears of every upload');
      return trigger;
    }
  }
}

const output = (stack: TerraformStack, name: string, value: string, description: string): void => {
  new TerraformOutput(stack, name, { value, description });
};
