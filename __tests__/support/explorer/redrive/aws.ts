import { changed, type State } from '../explore';
import type { Answer } from '../replay';
import { portions, type QueueRecord } from './records';
import type { Sent } from './redrive-run';
import {
  accepting,
  deleting,
  EMPTY_ANSWERS,
  handingOut,
  HIDDEN,
  isAccepted,
  may,
  newestReceipt,
  recordsIn,
  REFUSALS,
  showing,
  spending,
  VISIBLE,
  DELETED,
} from './redrive-state';

/** What may come of a request. */
export interface Outcome {
  readonly to: State;
  readonly answer: Answer;
  readonly words: string;
  /** The promise that it breaks. */
  readonly broken?: string | undefined;
}

/**
 * SQS and Lambda, as far as a redrive asks of them. A standard queue hands out any of its visible records, in any
 * portions; by an older receipt than the newest it may delete a record or not, without saying so.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html
 */
export class Aws {
  constructor(
    private readonly records: readonly QueueRecord[],
    private readonly obeysOldReceipts: boolean,
  ) {}

  /** @param run the place of the redrive that asks */
  outcomes(state: State, run: number, { name, input }: Sent): Outcome[] {
    switch (name) {
      case 'GetQueueAttributes':
        return [this.#count(state)];
      case 'ReceiveMessage':
        return this.#receive(state, run, Number(input.MaxNumberOfMessages));
      case 'ChangeMessageVisibilityBatch':
        return [this.#giveBack(state, input.Entries as readonly { readonly ReceiptHandle: string }[])];
      case 'DeleteMessage':
        return [this.#delete(state, String(input.ReceiptHandle))];
      case 'Invoke':
        return this.#accept(state, input.Payload, {
          StatusCode: input.InvocationType === 'Event' ? 202 : 200,
          Payload: { transformToString: () => 'null' },
        });
      case 'SendMessage':
        return this.#accept(state, input.MessageBody, { MessageId: 'sent back' });
      default:
        throw new Error(`No redrive is expected to ask for ${name}`);
    }
  }

  name(record: number): string {
    return this.records[record]?.name ?? '';
  }

  #names = (records: readonly number[]): string => records.map((record) => this.name(record)).join(', ');

  #count(state: State): Outcome {
    const number = (where: number) => String(recordsIn(state, where).length);
    const Attributes = {
      ApproximateNumberOfMessages: number(VISIBLE),
      ApproximateNumberOfMessagesNotVisible: number(HIDDEN),
    };
    return { to: state, answer: { value: { Attributes } }, words: 'counts' };
  }

  #receive(state: State, run: number, most: number): Outcome[] {
    const visible = recordsIn(state, VISIBLE);
    const nothing = { answer: { value: {} }, words: 'receives nothing' };
    if (visible.length === 0) return [{ to: state, ...nothing }];
    const outcomes = portions(visible, most).map((portion) => {
      const to = changed(state, ...portion.flatMap((record) => handingOut(state, record, run)));
      const Messages = portion.map((record) => this.#message(to, record));
      return { to, answer: { value: { Messages } }, words: `receives ${this.#names(portion)}` };
    });
    return may(state, EMPTY_ANSWERS)
      ? [...outcomes, { to: spending(state, EMPTY_ANSWERS), ...nothing }]
      : outcomes;
  }

  #message(state: State, record: number) {
    const { body, sourceQueueArn } = this.records[record] ?? {};
    return {
      MessageId: String(record),
      ReceiptHandle: `${record}#${newestReceipt(state, record)}`,
      Body: body,
      Attributes: { SentTimestamp: '0', DeadLetterQueueSourceArn: sourceQueueArn },
    };
  }

  #giveBack(state: State, entries: readonly { readonly ReceiptHandle: string }[]): Outcome {
    const given = entries
      .map(({ ReceiptHandle }) => receiptOf(ReceiptHandle))
      .filter(({ record, receipt }) => receipt === newestReceipt(state, record))
      .map(({ record }) => record)
      .filter((record) => recordsIn(state, HIDDEN).includes(record));
    const to = changed(state, ...given.flatMap(showing));
    return { to, answer: { value: {} }, words: `gives back ${this.#names(given) || 'nothing'}` };
  }

  #delete(state: State, handle: string): Outcome {
    const { record, receipt } = receiptOf(handle);
    const answer = { value: {} };
    const words = `deletes ${this.name(record)}`;
    const isNewest = receipt === newestReceipt(state, record);
    if (!isNewest && !this.obeysOldReceipts)
      return { to: state, answer, words: `${words} by an old receipt, in vain` };
    const broken =
      isAccepted(state, record) || recordsIn(state, DELETED).includes(record)
        ? undefined
        : `deleted: ${this.name(record)}, and nobody had accepted it`;
    return { to: changed(state, deleting(record)), answer, words, broken };
  }

  #accept(state: State, event: unknown, value: unknown): Outcome[] {
    const record = this.records.findIndex((candidate) => candidate.event === event);
    if (record < 0) {
      const stays = this.records.findIndex(({ body }) => body.includes(String(event)));
      const broken = `sent: ${this.name(stays)}, which had to stay`;
      return [{ to: state, answer: { value }, words: `sends ${this.name(stays)}`, broken }];
    }
    const words = `sends ${this.name(record)}`;
    const outcomes = [{ to: changed(state, accepting(record)), answer: { value }, words }];
    if (!may(state, REFUSALS)) return outcomes;
    const error = Object.assign(new Error('Rate exceeded'), { name: 'TooManyRequestsException' });
    const refused = { to: spending(state, REFUSALS), answer: { error }, words: `${words}: refused` };
    return [...outcomes, refused];
  }
}

function receiptOf(handle: string): { readonly record: number; readonly receipt: number } {
  const [record, receipt] = handle.split('#').map(Number);
  return { record: record ?? 0, receipt: receipt ?? 0 };
}
