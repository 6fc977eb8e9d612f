import type { Message, Queue } from '../../tools/operate/failures/queue';

/** What AWS writes beside a body. */
type Beside = Pick<Message, 'sourceQueueArn' | 'attributes'>;

interface Stored extends Beside {
  readonly messageId: string;
  readonly body: string;
  readonly sentAt: number;
  receipt: number;
  visibleAt: number;
}

/** A standard queue: hides what it gives, gives it again when the time is up, and keeps what is not deleted. */
export class FakeQueue {
  readonly #messages: Stored[] = [];
  #ids = 0;
  /** In milliseconds; only tests move it. */
  now = 1_000_000;

  send(body: unknown, sentAt = this.now - 1000, beside: Beside = {}): void {
    const messageId = `m${String(++this.#ids)}`;
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    this.#messages.push({ ...beside, messageId, body: text, sentAt, receipt: 0, visibleAt: 0 });
  }

  get bodies(): string[] {
    return this.#messages.map(({ body }) => body);
  }

  get visible(): number {
    return this.#messages.filter(({ visibleAt }) => visibleAt <= this.now).length;
  }

  open(holdMs = 60_000): Queue {
    return {
      receive: (most) => Promise.resolve(this.#receive(most, holdMs)),
      giveBack: (messages) => {
        this.#giveBack(messages);
        return Promise.resolve();
      },
      delete: (message) => {
        this.#delete(message);
        return Promise.resolve();
      },
      count: () => Promise.resolve({ visible: this.visible, hidden: this.#messages.length - this.visible }),
    };
  }

  #receive(most: number, holdMs: number): Message[] {
    const taken = this.#messages.filter(({ visibleAt }) => visibleAt <= this.now).slice(0, most);
    for (const message of taken) {
      message.receipt += 1;
      message.visibleAt = this.now + holdMs;
    }
    return taken.map(({ receipt, messageId, body, sentAt, sourceQueueArn, attributes }) => ({
      messageId,
      body,
      sentAt,
      sourceQueueArn,
      attributes,
      receivedAt: this.now,
      receiptHandle: `${messageId}#${String(receipt)}`,
    }));
  }

  #giveBack(messages: readonly Message[]): void {
    for (const message of messages) {
      const stored = this.#messages.find((candidate) => receiptOf(candidate) === message.receiptHandle);
      if (stored) stored.visibleAt = 0;
    }
  }

  #delete({ receiptHandle }: Message): void {
    const index = this.#messages.findIndex((candidate) => receiptOf(candidate) === receiptHandle);
    if (index >= 0) this.#messages.splice(index, 1);
  }
}

const receiptOf = ({ messageId, receipt }: Stored): string => `${messageId}#${String(receipt)}`;
