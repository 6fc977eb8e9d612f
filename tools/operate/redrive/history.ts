import { randomBytes } from 'node:crypto';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Prefixes } from '../../../handlers/process-upload/prefixes';
import { noteKey } from '../../../handlers/sweep/environment';
import { listPage } from '../../../handlers/sweep/s3-listing';
import type { Position } from '../../../handlers/sweep/sweep';
import { parsed } from '../../../handlers/shared/fields';
import type { Outcomes } from './outcome';

/** What is kept of a redrive. Times are ISO 8601. */
export interface Run {
  /** As `--as` says. */
  readonly name?: string | undefined;
  /** The ARN of the caller, as STS tells it. */
  readonly by: string;
  readonly began: string;
  /** Missing while it runs, and of one that was killed. */
  readonly ended?: string | undefined;
  /** Its command line. */
  readonly options: readonly string[];
  /** Records that were sent back: so far, where it did not end. */
  readonly redriven: number;
  /** What came of their uploads; missing where it did not wait for that. */
  readonly outcome?: Counts | undefined;
}

export type Counts = Readonly<Record<keyof Outcomes, number>>;

export interface History {
  /** Writes what is known of a run, over what was written of it before. */
  readonly write: (run: Run) => Promise<void>;
  /** The newest runs, newest first. */
  readonly read: (most: number) => Promise<readonly Run[]>;
}

export interface HistoryProps {
  readonly client: Pick<S3Client, 'send'>;
  readonly bucket: string;
  readonly prefixes: Prefixes;
  /** As of `historyPrefix`. */
  readonly stack?: string | undefined;
}

/**
 * Beside the sweep's note, where no key starts a function. docs/adr/0007-sweep-note.md
 * @param stack start of the stack's names, where others use the bucket too: each has a history of its own
 */
export const historyPrefix = (prefixes: Prefixes, stack?: string): string =>
  noteKey(prefixes).replace(/sweep$/u, stack === undefined ? 'redrives/' : `redrives-${stack}/`);

/**
 * The redrives of a pipeline, an object of the bucket each: two at a time write two. The names begin with the time, so
 * that the listing is in their order.
 */
export function s3History({ client, bucket, prefixes, stack }: HistoryProps): History {
  const prefix = historyPrefix(prefixes, stack);
  const id = randomBytes(4).toString('hex');
  const keyOf = ({ began }: Run): string => `${prefix}${began.replaceAll(':', '')}-${id}.json`;
  return {
    write: async (run) => {
      await client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: keyOf(run),
          Body: JSON.stringify(run),
          ContentType: 'application/json',
        }),
      );
    },
    read: async (most) => {
      const keys: string[] = [];
      let next: Position | undefined = {};
      while (next !== undefined) {
        const page = await listPage({ client, bucket, prefix }, next);
        keys.push(...page.objects.map(({ key }) => key));
        next = page.next;
      }
      const newest = keys.slice(-most).reverse();
      const runs = await Promise.all(newest.map((Key) => readRun(client, bucket, Key)));
      return runs.filter((run) => run !== undefined);
    },
  };
}

/** @returns undefined for an object that is no run */
async function readRun(
  client: HistoryProps['client'],
  Bucket: string,
  Key: string,
): Promise<Run | undefined> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
  const run = parsed((await Body?.transformToString()) ?? '') as Partial<Run> | undefined;
  return typeof run?.began === 'string' && typeof run.redriven === 'number' ? (run as Run) : undefined;
}

/**
 * Keeps the history of one run: its beginning before the first record is sent, then how far it came, now and then, and
 * its end. A history that cannot be written is told once, and stops no redrive.
 */
export class RunRecorder {
  #begun: Promise<void> | undefined;
  #written = 0;

  constructor(
    private readonly history: Pick<History, 'write'>,
    private readonly first: Omit<Run, 'redriven' | 'ended' | 'outcome'>,
    private readonly warn: (error: unknown) => void,
    private readonly now: () => number = Date.now,
  ) {}

  /** Before a record is sent. */
  async begin(): Promise<void> {
    this.#begun ??= this.#write({ ...this.first, redriven: 0 });
    await this.#begun;
  }

  /** After a record was sent: written at most once in half a minute. */
  async progress(redriven: number): Promise<void> {
    if (this.#begun !== undefined && this.now() - this.#written >= 30_000) {
      await this.#write({ ...this.first, redriven });
    }
  }

  /** Nothing where nothing was sent. */
  async end(redriven: number, outcome: Counts | undefined): Promise<void> {
    if (this.#begun === undefined) return;
    await this.#write({ ...this.first, redriven, ended: new Date(this.now()).toISOString(), outcome });
  }

  async #write(run: Run): Promise<void> {
    this.#written = this.now();
    try {
      await this.history.write(run);
    } catch (error) {
      this.warn(error);
    }
  }
}
