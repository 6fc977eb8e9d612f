import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { Environment } from './environment';

/** How long a process group may take to end gracefully before it is killed. */
const GRACE_MS = 5_000;

export interface Captured {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The time limit of a short command. */
const SHORT_MS = 20_000;

/**
 * Runs a short command and keeps what it prints.
 * @returns undefined if the command does not exist
 */
export async function capture(
  command: string,
  args: readonly string[],
  env: Environment,
): Promise<Captured | undefined> {
  const child = spawn(command, args, { env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  // Not spawn's own `timeout`: if the command does not exist, its timer keeps this process running.
  const timer = setTimeout(() => child.kill(), SHORT_MS);
  const printed = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed.stderr += text));
  return new Promise<Captured | undefined>((resolve) => {
    child.once('error', () => {
      resolve(undefined);
    });
    child.once('close', (code) => {
      resolve({ code, ...printed });
    });
  }).finally(() => {
    clearTimeout(timer);
  });
}

export interface LoggedProps {
  readonly cwd: string;
  readonly env: Environment;
  /** The file for all output of the command; overwritten. */
  readonly log: string;
  /** Ends the command and its child processes. */
  readonly signal?: AbortSignal | undefined;
  /** Called with the id of its process group, before anything else can happen. */
  readonly onSpawn?: ((group: number) => void) | undefined;
  /** Called with each line. */
  readonly onLine?: (line: string) => void;
  /** How long the group may take to end gracefully before it is killed. @default 5000 */
  readonly graceMs?: number;
}

/** The leaders of the running process groups that this process has started. */
const groups = new Set<number>();

/**
 * Runs a long command in a process group of its own: Ctrl-C in the terminal reaches only this process, which
 * then ends the group in order.
 * @returns its exit code; null where a signal ended it
 */
export async function logged(
  command: string,
  args: readonly string[],
  props: LoggedProps,
): Promise<number | null> {
  const { cwd, env, log, signal, onSpawn, onLine, graceMs = GRACE_MS } = props;
  signal?.throwIfAborted();
  const file = createWriteStream(log);
  const child = spawn(command, args, {
    cwd,
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const { pid } = child;
  if (pid !== undefined) {
    groups.add(pid);
    onSpawn?.(pid);
  }
  const failed = once(child, 'error').then(([error]: unknown[]) => {
    throw error;
  });
  const ended = once(child, 'close') as Promise<[number | null]>;
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      file.write(`${line}\n`);
      onLine?.(line);
    });
  }
  const abort = (): void => {
    if (pid !== undefined) void endGroup(pid, ended, graceMs);
  };
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const [code] = await Promise.race([ended, failed]);
    signal?.throwIfAborted();
    return code;
  } finally {
    signal?.removeEventListener('abort', abort);
    if (pid !== undefined) groups.delete(pid);
    file.end();
    await finished(file);
  }
}

async function endGroup(leader: number, ended: Promise<unknown>, graceMs: number): Promise<void> {
  signalProcess(-leader, 'SIGINT');
  const timer = setTimeout(() => {
    signalProcess(-leader, 'SIGKILL');
  }, graceMs);
  await ended;
  clearTimeout(timer);
}

/**
 * Sends a signal to one process of others, or with a negative id to a group that `logged` has started; the signal 0
 * only asks whether it is there. To kill(2), 0 is the caller's own group and -1 is every process that it may signal.
 * @returns false where there is no such process
 * @throws {RangeError} where the id names this process, its parent, the first process, or more than one process
 */
export function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
  const foreign = Number.isInteger(pid) && pid > 1 && pid !== process.pid && pid !== process.ppid;
  if (!foreign && !groups.has(-pid)) {
    throw new RangeError(
      `Process id: got ${pid}; expected the id of one process that is neither this one, nor its parent, nor 1, ` +
        'or a negative id of a group that this process has started.',
    );
  }
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** The command line of a running process; undefined if it does not run. */
export async function commandLine(pid: number): Promise<string | undefined> {
  try {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ');
  } catch {
    // No /proc (macOS), or no such process: ps knows.
    const ps = await capture('ps', ['-ww', '-o', 'command=', '-p', String(pid)], {
      PATH: process.env.PATH,
    });
    return ps?.code === 0 ? ps.stdout : undefined;
  }
}

/** The spinner that cdktf redraws while it waits. */
const SPINNER = /^\s*[\u2800-\u28ff]\s/u;

/** The last lines of a log, without blank ones, spinners and terminal colours. */
export async function lastLines(file: string, count: number): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return plain(text)
    .split('\n')
    .filter((line) => line.trim() !== '' && !SPINNER.test(line))
    .slice(-count)
    .join('\n');
}

/** Text without colour escape sequences. */
export const plain = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- escape sequences start with a control character
  text.replace(/\u001b\[[0-9;]*[A-Za-z]/gu, '');
