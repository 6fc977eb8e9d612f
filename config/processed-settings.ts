import { z } from 'zod';
import { about } from './about';
import { subscribers } from './trigger-settings';

const ONE =
  'at most one of topic, queue and function, because S3 tells one target of an event, or with trigger eventbridge several; with prefixes.watchWholeBucket only with trigger eventbridge';

const yes = (what: string, allowed = `true or false; ${ONE}`) =>
  about(z.boolean().default(false), { description: what, allowed });

/** Who hears of every processed object. https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html */
export const onProcessed = z.strictObject({
  topic: yes('Publishes news of every processed object to an SNS topic (output `processed_topic_arn`).'),
  subscribers: about(subscribers, {
    description: 'With `onProcessed.topic`: who hears of it, as `uploadTopic.subscribers`.',
    allowed: 'as uploadTopic.subscribers; none without onProcessed.topic',
  }),
  queue: yes('Sends news of every processed object to an SQS queue (output `processed_queue_url`).'),
  function: about(
    z
      .string()
      .regex(/^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]{1,64}$/u)
      .optional(),
    {
      description: 'Invokes a function of yours for every processed object, asynchronously.',
      allowed: `the ARN of a function of the same region that is not process-upload, with github one whose name starts with namePrefix, or left out; ${ONE}`,
    },
  ),
  eventBus: about(
    z
      .string()
      .regex(/^arn:aws[a-z-]*:events:[a-z0-9-]+:\d{12}:event-bus\/[\w./-]{1,256}$/u)
      .optional(),
    {
      description: 'Sends news of every processed object to another event bus.',
      allowed: 'with trigger eventbridge: the ARN of an event bus; or left out',
    },
  ),
});

interface ProcessedSettings {
  readonly namePrefix: string;
  readonly region: string;
  readonly trigger: string;
  readonly prefixes: { readonly watchWholeBucket: boolean };
  readonly github?: unknown;
  readonly onProcessed: z.output<typeof onProcessed>;
}

/** Refuses what is wrong only together. */
export function refuseOnProcessed(settings: ProcessedSettings, context: z.core.$RefinementCtx): void {
  const { trigger, prefixes, onProcessed: chosen } = settings;
  const { topic, queue, function: functionArn, eventBus } = chosen;
  const refuse = (name: keyof typeof chosen): void => {
    context.addIssue({ code: 'custom', path: ['onProcessed', name], input: chosen[name] });
  };
  const told = [topic && 'topic', queue && 'queue', functionArn !== undefined && 'function'] as const;
  const names = told.filter((name) => name !== false);
  const [last] = names.slice(-1);
  const tooMany = names.length > 1 || prefixes.watchWholeBucket;
  if (trigger !== 'eventbridge' && last !== undefined && tooMany) refuse(last);
  if (trigger !== 'eventbridge' && eventBus !== undefined) refuse('eventBus');
  if (!topic && Object.keys(chosen.subscribers).length > 0) refuse('subscribers');
  const [, , , region, , , name] = functionArn?.split(':') ?? [];
  if (name === undefined) return;
  // Its own output would start the mover, which leaves it alone; what it is for is said by another function.
  if (region !== settings.region || name === `${settings.namePrefix}-process-upload`) refuse('function');
  // The deploy role may change the permissions of functions whose names start so, and of no other.
  if (settings.github !== undefined && !name.startsWith(`${settings.namePrefix}-`)) refuse('function');
}
