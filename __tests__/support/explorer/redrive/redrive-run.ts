import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { sqsQueue } from '../../../../tools/operate/failures/sqs-queue';
import type { Dependencies } from '../../../../tools/operate/redrive/dependencies';
import { asyncInvoke, callWithBatch } from '../../../../tools/operate/redrive/invoke';
import { redrive, type RedriveOptions } from '../../../../tools/operate/redrive/redrive';
import { sendBackBy } from '../../../../tools/operate/redrive/send-back';
import type { Start } from '../replay';
import { eventOfBatch } from './records';

/** Something that claims to redrive. */
export type Redrive = (dependencies: Dependencies, options: RedriveOptions) => Promise<unknown>;

/** A request to AWS. */
export interface Sent {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

const URL = 'https://sqs.eu-west-1.amazonaws.com/123456789012/failures';

/** Two records at a time: one may be dealt with while another waits. */
const BATCH = 2;

/** The redrive's own code, down to the commands that it sends. */
export const redriveWith =
  (subject: Redrive = redrive): Start =>
  (ask) => {
    const send = (command: { readonly input: Readonly<Record<string, unknown>> }) => {
      const name = command.constructor.name.replace(/Command$/, '');
      const { Payload, ...input } = command.input;
      const sent = { ...input, ...(Buffer.isBuffer(Payload) && { Payload: Payload.toString() }) };
      return ask(name, () => ({ name, input: sent }), JSON.stringify(sent));
    };
    const client = { send } as unknown as SQSClient & LambdaClient;
    return subject(
      {
        queue: sqsQueue({ client, url: URL, holdSeconds: 60 }),
        invoke: asyncInvoke(client),
        sendBack: sendBackBy(client, URL),
        reread: ({ first }) => Promise.resolve({ events: [eventOfBatch(first)], records: 1, expired: false }),
        call: callWithBatch(client),
        pace: () => Promise.resolve(),
        signal: new AbortController().signal,
      },
      { mover: 'mover', prefixes: ['uploads/', 'processed/'], batch: BATCH },
    );
  };
