import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { ToolError } from '../../tools/lib/errors';

export interface Timed {
  readonly wallMs: number;
  /** Only of a Node.js program. */
  readonly peakMb: number | undefined;
}

export interface TimedProps {
  readonly root: string;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** The exit code of success. @default 0 */
  readonly code?: number | undefined;
}

/** Runs a command to its end and times it; a failing one stops the bench with its output. */
export async function timed(command: string, args: readonly string[], props: TimedProps): Promise<Timed> {
  const { root, cwd = root, env = {}, code: expected = 0 } = props;
  const isNode = command === process.execPath;
  const hook = ['--import', path.join(root, 'bench', 'drivers', 'peak.mjs')];
  const started = performance.now();
  const child = spawn(command, [...(isNode ? hook : []), ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const [, stdout, stderr, peakMb] = child.stdio as [null, Readable, Readable, Readable, undefined];
  const failed = once(child, 'error').then(([error]: unknown[]) => {
    throw error;
  });
  const [peak, out, errors, [code]] = await Promise.race([
    Promise.all([text(peakMb), text(stdout), text(stderr), once(child, 'close') as Promise<[number | null]>]),
    failed,
  ]);
  const wallMs = performance.now() - started;
  if (code === expected) return { wallMs, peakMb: peak === '' ? undefined : Number(peak) };
  throw new ToolError(`${[command, ...args].join(' ')} failed (${code}):\n${(out + errors).slice(-2_000)}`);
}
