import type { TerraformStack } from 'cdktf';
import type { NodeFunction } from '../../constructs/function/node-function';
import { DirectTrigger } from '../../constructs/uploads/direct-trigger';
import { EventBridgeTrigger } from '../../constructs/uploads/event-bridge-trigger';
import { QueueTrigger } from '../../constructs/uploads/queue-trigger';
import { TopicTrigger } from '../../constructs/uploads/topic-trigger';
import type { UploadBucket } from '../../constructs/uploads/upload-bucket';
import type { UploadTrigger } from '../../constructs/uploads/upload-trigger';
import type { EnvironmentVariables } from '../../handlers/process-upload/environment';
import { addFunction, addOutput, type Shared } from '../shared';

/** Runs the team's step for every upload and moves it to `processed/`. */
export function addProcessUpload(stack: TerraformStack, shared: Shared, uploads: UploadBucket): NodeFunction {
  const { settings } = shared;
  const { upload, processed } = settings.prefixes;
  const processUpload = addFunction<EnvironmentVariables>(stack, shared, 'process-upload', {
    ...settings.processUpload,
    description: `Moves uploads from ${upload || 'everywhere'} to ${processed} when they are processed`,
    environment: {
      UPLOAD_PREFIX: upload,
      PROCESSED_PREFIX: processed,
      FORMER_PREFIXES: JSON.stringify(settings.formerPrefixes),
      ON_EXISTING: settings.onExisting,
      POWERTOOLS_METRICS_NAMESPACE: shared.metricsNamespace,
    },
    vpc: settings.vpc,
  });
  allowSecrets(processUpload, settings.processUpload.secrets);
  setVariables(processUpload, settings.processUpload.environment);
  shared.network?.allowMove(processUpload, uploads, [settings.prefixes, ...settings.formerPrefixes]);
  return processUpload;
}

/** Gives the step variables of its own; one that the pipeline uses itself is refused. */
function setVariables(processUpload: NodeFunction, variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(variables)) processUpload.addEnvironment(name, value);
}

/** Tells the function where the step's secrets are, never what they are, and lets it read those. */
function allowSecrets(processUpload: NodeFunction, secrets: Readonly<Record<string, string>>): void {
  setVariables(processUpload, secrets);
  const ofService = (service: string) =>
    Object.values(secrets)
      .filter((arn) => arn.split(':')[2] === service)
      .sort();
  const statements = [
    { sid: 'ReadParameters', actions: ['ssm:GetParameter'], resources: ofService('ssm') },
    {
      sid: 'ReadSecrets',
      actions: ['secretsmanager:GetSecretValue'],
      resources: ofService('secretsmanager'),
    },
  ].filter(({ resources }) => resources.length > 0);
  if (statements.length > 0) processUpload.allow('read-secrets', statements);
}

/** The way from an upload to the function that the settings pick. Which to choose: docs/event-sources.md. */
export function addTrigger(
  stack: TerraformStack,
  { settings, failures, encryptionKey }: Shared,
  uploads: UploadBucket,
): UploadTrigger {
  const name = `${settings.namePrefix}-uploads`;
  switch (settings.trigger) {
    case 'direct':
      return new DirectTrigger(uploads);
    case 'queue': {
      const props = { ...settings.uploadQueue, queueName: name, failures, encryptionKey };
      const trigger = new QueueTrigger(stack, 'upload-queue', props);
      addOutput(stack, 'upload_queue_url', trigger.queue.url, 'Uploads that wait for the function');
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
      addOutput(
        stack,
        'upload_topic_arn',
        trigger.topic.arn,
        'Subscribers of this topic hear of every upload',
      );
      return trigger;
    }
  }
}
