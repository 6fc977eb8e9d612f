import type { S3Client } from '@aws-sdk/client-s3';
import type { Mode } from '../promises';
import { mover, type Subject } from '../subjects';
import type { MoveSetting } from './move-setting';

/** The handler with one thing left out or taken wrongly, and the promise that it breaks for that. */
export interface Mutant {
  readonly title: string;
  readonly subject: Subject;
  readonly mode: Mode;
  readonly promise: string;
  readonly setting: Omit<MoveSetting, 'mode'>;
}

interface Sent {
  readonly name: string;
  readonly input: Record<string, unknown>;
}

type Send = () => Promise<unknown>;

/** The handler, with something between it and S3. */
const between =
  (change: (sent: Sent, send: Send) => Promise<unknown>): Subject =>
  (object, mode, client, hooks) => {
    const send = (command: { input: Record<string, unknown> }, options: unknown) =>
      change({ name: command.constructor.name.replace(/Command$/, ''), input: command.input }, () =>
        client.send(command as never, options as never),
      );
    return mover(object, mode, { send } as unknown as S3Client, hooks);
  };

const without = (name: string, condition: string): Subject =>
  between((sent, send) => {
    if (sent.name === name) sent.input[condition] = undefined;
    return send();
  });

/** Where a condition does not hold, the handler is told something else. */
const taking = (name: string, condition: RegExp, answer: () => unknown): Subject =>
  between(async (sent, send) => {
    try {
      return await send();
    } catch (error) {
      const { Condition = '' } = error as { Condition?: string };
      if (sent.name !== name || !condition.test(Condition)) throw error;
      return answer();
    }
  });

const gone = (): never => {
  throw Object.assign(new Error('NoSuchKey'), { name: 'NoSuchKey', $metadata: { httpStatusCode: 404 } });
};

const done = () => ({ ETag: '"taken for done"', CopyObjectResult: { ETag: '"taken for done"' } });

/** Gives up where it should fail, and with it the event. */
const forgetful: Subject = (...run) => mover(...run).catch(() => undefined);

const TWO = { uploads: 'AB', runs: 2, crashes: 1, duplicates: 1 };
const TWO_WITH_ONE_EVENT = { uploads: 'AB', runs: 1, coalesced: 1, duplicates: 1 };

export const MUTANTS: readonly Mutant[] = [
  {
    title: 'copies whichever version is there',
    subject: without('CopyObject', 'CopySourceIfMatch'),
    mode: 'replace',
    promise: 'unprepared',
    setting: TWO,
  },
  {
    title: 'copies over what is there',
    subject: without('CopyObject', 'IfNoneMatch'),
    mode: 'replace',
    promise: 'misordered',
    setting: TWO,
  },
  {
    title: 'copies over what is there',
    subject: without('CopyObject', 'IfNoneMatch'),
    mode: 'keepBoth',
    promise: 'replaced',
    setting: TWO,
  },
  {
    title: 'replaces another version than the one it saw',
    subject: without('CopyObject', 'IfMatch'),
    mode: 'replace',
    promise: 'misordered',
    setting: { ...TWO, occupied: 'X' },
  },
  {
    title: 'deletes whichever version is there',
    subject: without('DeleteObject', 'IfMatch'),
    mode: 'replace',
    promise: 'lost',
    setting: TWO,
  },
  {
    title: 'deletes whichever version is there',
    subject: without('DeleteObject', 'IfMatch'),
    mode: 'keepBoth',
    promise: 'lost',
    setting: TWO,
  },
  {
    title: 'does not look again where the upload changed before the copy',
    subject: taking('CopyObject', /^x-amz-copy-source/, gone),
    mode: 'replace',
    promise: 'stranded',
    setting: TWO_WITH_ONE_EVENT,
  },
  {
    title: 'takes a copy that was refused for made',
    subject: taking('CopyObject', /^If-/, done),
    mode: 'keepBoth',
    promise: 'lost',
    setting: TWO,
  },
  {
    title: 'takes what is there for the same',
    subject: between((sent, send) => {
      if (sent.name === 'HeadObject') sent.input.Key = 'uploads/a';
      return send();
    }),
    mode: 'keepBoth',
    promise: 'lost',
    setting: TWO,
  },
  {
    title: 'gives up where it should fail',
    subject: forgetful,
    mode: 'replace',
    promise: 'stranded',
    setting: { ...TWO, refused: 1 },
  },
];

/** What it leaves out is no promise's: the other upload's own event comes too, and starts the run that is spared here. */
export const HARMLESS: Omit<Mutant, 'promise'> = {
  title: 'does not look again where the upload changed before the delete',
  subject: taking('DeleteObject', /./, gone),
  mode: 'replace',
  setting: TWO_WITH_ONE_EVENT,
};
