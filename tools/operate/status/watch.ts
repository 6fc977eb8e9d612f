import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../lib/errors';
import { explain } from '../../lib/explain';
import { coloursFor, type Output } from '../../lib/terminal';
import type { Status } from './gather';
import { statusLine, statusScreen } from './screen';

export interface WatchProps {
  readonly gather: (now: Date) => Promise<Status>;
  /** An object a line, for programs. */
  readonly json: boolean;
  readonly output: Output;
  readonly signal: AbortSignal;
  /** @default ends early at Ctrl-C */
  readonly wait?: (milliseconds: number) => Promise<unknown>;
}

/** Some dozen requests each time: CloudWatch and S3 bill them. */
const INTERVAL_MS = 5_000;

/**
 * Shows the status again and again: drawn over the last one on a terminal, a line each elsewhere. One that cannot be
 * read is told, and the next one is read all the same.
 */
export async function watchStatus(props: WatchProps): Promise<void> {
  const { gather, json, output, signal } = props;
  const {
    wait = (milliseconds: number) => sleep(milliseconds, undefined, { signal }).catch(() => undefined),
  } = props;
  const drawn = output.isTTY === true && !json;
  let height = 0;
  while (!signal.aborted) {
    const now = new Date();
    const status = await gather(now).catch((error: unknown) => explain(error) ?? messageOf(error));
    const text = textOf(status, now, { json, drawn, output });
    output.write(drawn ? `${over(height)}${text}\n` : `${text}\n`);
    height = text.split('\n').length;
    await wait(INTERVAL_MS);
  }
}

/** To the first line of what was drawn, and nothing from there on. */
const over = (height: number): string => (height === 0 ? '' : `\u001b[${height}A\u001b[J`);

function textOf(
  status: Status | string,
  now: Date,
  { json, drawn, output }: Pick<WatchProps, 'json' | 'output'> & { readonly drawn: boolean },
): string {
  const at = now.toISOString();
  if (json) return JSON.stringify(typeof status === 'string' ? { at, error: status } : { at, ...status });
  if (typeof status === 'string') return `${at.slice(11, 19)}Z  ${status}`;
  return drawn ? statusScreen(status, now, coloursFor(output)) : statusLine(status, now);
}
