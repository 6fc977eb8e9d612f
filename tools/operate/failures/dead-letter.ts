import { fields, parsed } from '../../../handlers/shared/fields';
import { isUploadEvent, keysIn } from './event-keys';
import { functionSource, type FailureRecord, type NoWayBack, type Source } from './failure';
import { filled } from './filled';
import type { Message } from './queue';

type Read = (message: Message, mover: string) => FailureRecord | NoWayBack | undefined;

/**
 * Reads what a queue, the scheduler or an EventBridge rule left here as it was, by what AWS wrote beside the body. A
 * body does not say where it comes from: a job may look like an S3 event, or like a record of Lambda's.
 * @returns undefined where AWS wrote nothing
 */
export const readDeadLetter: Read = (message, mover) =>
  fromQueue(message, mover) ?? fromScheduler(message, mover) ?? fromRule(message, mover);

/**
 * A message that its queue gave up after `maxReceiveCount` attempts.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
const fromQueue: Read = (message) => {
  const { sourceQueueArn: arn, attributes, groupId, messageId } = message;
  if (arn === undefined) return undefined;
  return {
    ...deadLetter(message, { kind: 'queue', arn, name: arn.split(':').at(-1) ?? arn }),
    condition: 'GivenUpByQueue',
    attributes,
    fifo: groupId === undefined ? undefined : { groupId, deduplicationId: messageId },
  };
};

/**
 * A run of a schedule that Lambda did not take.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
 */
const fromScheduler: Read = (message) => {
  const attribute = attributesOf(message);
  if (attribute('SCHEDULE_ARN') === undefined) return undefined;
  if (attribute('IS_PAYLOAD_TRUNCATED') === 'true') return { noWayBack: 'the scheduler cut its event short' };
  const time = attribute('SCHEDULED_TIME');
  const payload = time === undefined ? message.body : message.body.replaceAll(SCHEDULED_TIME, () => time);
  return toTarget({ ...message, body: payload }, 'GivenUpByScheduler');
};

/** Where the scheduler has not put the time in, it is put in here: by it the guard knows one run from another. */
const SCHEDULED_TIME = '<aws.scheduler.scheduled-time>';

/** An event that EventBridge could not hand to Lambda. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html */
const fromRule: Read = (message) =>
  attributesOf(message)('RULE_ARN') === undefined ? undefined : toTarget(message, 'GivenUpByEventBridge');

/**
 * Reads a notification that SNS could not hand to process-upload. SNS writes nothing beside the body, whose form is its
 * own. https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html
 * @returns undefined where the message is none
 */
export const readNotification: Read = (message, mover) => {
  const notification = fields(parsed(message.body));
  if (notification.Type !== 'Notification' || filled(notification.TopicArn) === undefined) return undefined;
  if (!isUploadEvent(notification)) return { noWayBack: 'it is a notification about no upload' };
  return { ...deadLetter(message, functionSource(mover)), condition: 'GivenUpByTopic' };
};

/** Both services name the target, and why it did not take the event. */
function toTarget(message: Message, condition: string): FailureRecord | NoWayBack {
  const attribute = attributesOf(message);
  const target = attribute('TARGET_ARN') ?? '';
  if (!LAMBDA_ARN.test(target)) return { noWayBack: `its target is no Lambda function: ${target}` };
  return {
    ...deadLetter(message, functionSource(target)),
    condition,
    errorType: attribute('ERROR_CODE'),
    errorMessage: attribute('ERROR_MESSAGE'),
  };
}

const LAMBDA_ARN = /^arn:[\w-]+:lambda:[^:]+:\d{12}:function:/u;

const deadLetter = ({ body, sentAt }: Message, source: Source): FailureRecord => ({
  kind: 'failure',
  source,
  condition: undefined,
  errorType: undefined,
  errorMessage: undefined,
  permanent: false,
  keys: keysIn(parsed(body)),
  payload: body,
  failedAt: sentAt,
});

const attributesOf =
  ({ attributes }: Message) =>
  (name: string): string | undefined =>
    filled(attributes?.[name]?.StringValue);
