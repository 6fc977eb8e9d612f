import type { Message, Queue } from '../../../../tools/operate/failures/queue';
import type { Dependencies } from '../../../../tools/operate/redrive/dependencies';
import { redrive } from '../../../../tools/operate/redrive/redrive';
import type { Redrive } from './redrive-run';
import type { RedriveSetting } from './redrive-state';

/** The redrive with one thing done wrongly, and the promise that it breaks for that. */
export interface RedriveMutant {
  readonly title: string;
  readonly subject: Redrive;
  readonly promise: string;
  readonly setting: RedriveSetting;
}

/** The redrive, with something between it and the queue and Lambda; `received` holds the messages so far. */
const between =
  (change: (real: Dependencies, received: readonly Message[]) => Partial<Dependencies>): Redrive =>
  (real, options) => {
    const received: Message[] = [];
    const receive = async (most: number) => {
      const messages = await real.queue.receive(most);
      received.push(...messages);
      return messages;
    };
    const watched = { ...real, queue: { ...real.queue, receive } };
    return redrive({ ...watched, ...change(watched, received) }, options);
  };

/** The redrive, with another queue. */
const onQueue = (change: (queue: Queue, received: readonly Message[]) => Partial<Queue>): Redrive =>
  between(({ queue }, received) => ({ queue: { ...queue, ...change(queue, received) } }));

const deletesAll = (queue: Queue) => async (messages: readonly Message[]) => {
  for (const message of messages) await queue.delete(message);
};

const PLAIN: RedriveSetting = { records: ['event', 'event', 'permanent'], redrives: 0 };

export const REDRIVE_MUTANTS: readonly RedriveMutant[] = [
  {
    title: 'deletes a record before it sends the event',
    subject: between(({ queue, invoke }, received) => ({
      invoke: async (arn, payload) => {
        await deletesAll(queue)(received.filter(({ body }) => body.includes(payload)));
        return invoke(arn, payload);
      },
    })),
    promise: 'deleted',
    setting: PLAIN,
  },
  {
    title: 'takes a refusal for an acceptance',
    subject: between(({ invoke }) => ({
      invoke: async (...event) => {
        await invoke(...event);
        return 'accepted';
      },
    })),
    promise: 'deleted',
    setting: { ...PLAIN, redrives: 1, refusals: 1 },
  },
  {
    title: 'deletes all that it received once an event was accepted',
    subject: onQueue((queue, received) => ({ delete: () => deletesAll(queue)(received) })),
    promise: 'deleted',
    setting: PLAIN,
  },
  {
    title: 'deletes by the receipt of another record',
    subject: onQueue((queue, received) => ({
      delete: (message) => queue.delete(received.at(-1) ?? message),
    })),
    promise: 'deleted',
    setting: PLAIN,
  },
  {
    title: 'deletes what it should give back',
    subject: onQueue((queue) => ({ giveBack: deletesAll(queue) })),
    promise: 'deleted',
    setting: PLAIN,
  },
  {
    title: 'does not delete',
    subject: onQueue(() => ({ delete: () => Promise.resolve() })),
    promise: 'left',
    setting: PLAIN,
  },
  {
    title: 'gives nothing back',
    subject: onQueue(() => ({ giveBack: () => Promise.resolve() })),
    promise: 'held',
    setting: PLAIN,
  },
  {
    title: 'gives back by the oldest receipt',
    subject: onQueue((queue, received) => ({
      giveBack: (messages) =>
        queue.giveBack(
          messages.map((one) => received.find(({ messageId }) => messageId === one.messageId) ?? one),
        ),
    })),
    promise: 'held',
    setting: { ...PLAIN, redrives: 1, timeouts: 1 },
  },
  {
    title: 'deletes a record only once, although SQS hands it out again',
    subject: onQueue((queue) => {
      const deleted = new Set<string>();
      const once = async (message: Message) => {
        if (!deleted.has(message.messageId)) await queue.delete(message);
        deleted.add(message.messageId);
      };
      return { delete: once };
    }),
    promise: 'held',
    setting: { ...PLAIN, redrives: 1, reappearances: 1 },
  },
  {
    title: 'sends what cannot succeed',
    subject: (dependencies, options) => redrive(dependencies, { ...options, includePermanent: true }),
    promise: 'sent',
    setting: PLAIN,
  },
];
