import type { FailureRecord } from '../../tools/operate/failures/failure';
import type { Queue } from '../../tools/operate/failures/queue';
import type { Dependencies, Summary } from '../../tools/operate/redrive/dependencies';
import { redrive, type RedriveOptions } from '../../tools/operate/redrive/redrive';
import { FakeQueue } from './fake-queue';

export interface Sent {
  readonly functionArn: string;
  readonly payload: unknown;
}

export interface SentBack {
  readonly queue: string;
  readonly body: string;
  readonly attributes: FailureRecord['attributes'];
}

/** Lambda, accepting everything. */
export const sending =
  (sent: Sent[]): Dependencies['invoke'] =>
  (functionArn, payload) => {
    sent.push({ functionArn, payload: JSON.parse(payload) as unknown });
    return Promise.resolve('accepted');
  };

/** A queue, and a redrive of it whose functions accept and do everything; its streams are empty. */
export function fakeRedrive(queue = new FakeQueue()) {
  const sent: Sent[] = [];
  const called: Sent[] = [];
  const sentBack: SentBack[] = [];
  const interrupt = new AbortController();
  const dependencies = (overrides: Partial<Dependencies> = {}): Dependencies => ({
    queue: queue.open(),
    invoke: sending(sent),
    sendBack: ({ source, payload, attributes }) => {
      sentBack.push({ queue: source.name, body: payload, attributes });
      return Promise.resolve('accepted');
    },
    reread: () => Promise.resolve({ events: [], records: 0, expired: true }),
    call: calling(called),
    pace: () => Promise.resolve(),
    signal: interrupt.signal,
    ...overrides,
  });
  const run = (options: Partial<RedriveOptions> = {}, overrides: Partial<Dependencies> = {}) =>
    redrive(dependencies(overrides), { mover: 'mover', prefixes: ['uploads/', 'processed/'], ...options });
  return { queue, sent, sentBack, called, interrupt, run };
}

/** A function that does every batch. */
export const calling =
  (called: Sent[]): Dependencies['call'] =>
  (functionArn, event) => {
    called.push({ functionArn, payload: JSON.parse(event) as unknown });
    return Promise.resolve('done');
  };

export const NOTHING: Summary = {
  redriven: 0,
  skipped: {},
  refused: {},
  failedAgain: 0,
  arrived: 0,
  unseen: 0,
  ended: 'empty',
};

/** A process that is gone at its `step`th call to the dependencies, before or after the call took effect. */
export function killedAt(step: number, after: boolean) {
  let calls = 0;
  let die: (how: 'killed') => void = () => undefined;
  const death = new Promise<'killed'>((resolve) => (die = resolve));
  const never = new Promise<never>(() => undefined);
  const call = async <Result>(effect: () => Promise<Result>): Promise<Result> => {
    const mine = calls++;
    if (mine > step) return never;
    if (mine === step && !after) {
      die('killed');
      return never;
    }
    const result = await effect();
    if (mine === step) {
      die('killed');
      return never;
    }
    return result;
  };
  const around = (queue: Queue): Queue => ({
    receive: (most) => call(() => queue.receive(most)),
    giveBack: (messages) => call(() => queue.giveBack(messages)),
    delete: (message) => call(() => queue.delete(message)),
    count: () => call(() => queue.count()),
  });
  return {
    death,
    /** Everything that the process asks of the dependencies, until it is gone. */
    dependencies: ({
      queue,
      invoke,
      reread,
      call: callOf,
    }: Partial<Dependencies>): Partial<Dependencies> => ({
      ...(queue && { queue: around(queue) }),
      ...(invoke && { invoke: (arn, payload) => call(() => invoke(arn, payload)) }),
      ...(reread && { reread: (place) => call(() => reread(place)) }),
      ...(callOf && { call: (arn, event) => call(() => callOf(arn, event)) }),
    }),
  };
}
