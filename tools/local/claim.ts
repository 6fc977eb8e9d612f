import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, ToolError } from '../lib/errors';
import { processEntry, processTable, type ProcessEntry } from '../lib/process-table';
import { signalProcess } from '../lib/processes';
import type { LocalPaths } from '../machine/paths';
import { enginePath } from './engine';

const POLL_MS = 50;

/** What an `npm start` writes down while it runs. What still lies there when it is gone was killed. */
export interface Start {
  readonly pid: number;
  /** When the process was started, as the system tells: an id that is used again has another. */
  readonly started: string;
  /** When it began (ISO 8601). */
  readonly since: string;
  /** Whether its engine began empty, and nothing is deployed to it yet: half of a first deployment is worth nothing. */
  readonly first: boolean;
  /** The process group that works for it: pip's, or cdktf's. */
  readonly worker?: number | undefined;
}

/** The right to start a folder's engine and to deploy to it, which one process has at a time. */
export class Claim {
  private constructor(
    private readonly file: string,
    private start: Start,
    /** The start that was killed before this one; nothing of it runs any more. */
    readonly killed: Start | undefined,
  ) {}

  /**
   * Takes the claim, and ends what a killed start has left running.
   * @throws {ToolError} where another start runs
   */
  static async take(paths: LocalPaths, now = new Date()): Promise<Claim> {
    const { pid } = process;
    const started = (await processEntry(pid))?.started ?? '';
    const start: Start = { pid, started, since: now.toISOString(), first: false };
    await mkdir(paths.folder, { recursive: true });
    const killed = await occupy(paths.claim, start);
    if (killed) await endLeftovers(paths, killed);
    return new Claim(paths.claim, start, killed);
  }

  /** Notes how far the start is. Without waiting: a process must be noted before anything else can happen. */
  note(change: Partial<Pick<Start, 'first' | 'worker'>>): void {
    this.start = { ...this.start, ...change };
    writeFileSync(this.file, JSON.stringify(this.start));
  }

  async release(): Promise<void> {
    await rm(this.file, { force: true });
  }
}

/** The start that runs in a folder, if one does. */
export async function runningStart(paths: LocalPaths): Promise<Start | undefined> {
  const start = await read(paths.claim);
  return start && (await isAlive(start)) ? start : undefined;
}

/**
 * Puts a start's note where no other one lies.
 * @returns the note that lay there, of a start that was killed
 */
async function occupy(file: string, start: Start): Promise<Start | undefined> {
  const mine = `${file}.${randomUUID()}`;
  await writeFile(mine, JSON.stringify(start));
  try {
    let killed: Start | undefined;
    // A link appears whole, or not at all where there is a file.
    while (!(await isLinked(mine, file))) {
      const other = await read(file);
      if (other && (await isAlive(other))) throw new ToolError(busyText(other));
      // Two may find it dead: the one that moves it away goes on, the other one looks again.
      const moved = await rename(file, `${mine}.old`).then(
        () => true,
        () => false,
      );
      if (moved) killed = other;
    }
    return killed;
  } finally {
    await Promise.all([mine, `${mine}.old`].map((one) => rm(one, { force: true })));
  }
}

async function isLinked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

const busyText = ({ pid, since }: Start): string =>
  `npm start already runs in this folder: process ${pid}, since ${new Date(since).toLocaleTimeString()}.\n` +
  'Wait for it, or end it with Ctrl-C in its terminal, or with `npm stop`. Nothing was started.';

async function read(file: string): Promise<Start | undefined> {
  try {
    const note = JSON.parse(await readFile(file, 'utf8')) as Partial<Start>;
    const { pid, started, since, first } = note;
    if (pid === undefined || started === undefined || since === undefined || first === undefined)
      return undefined;
    return { ...note, pid, started, since, first };
  } catch {
    return undefined;
  }
}

const isAlive = async ({ pid, started }: Start): Promise<boolean> =>
  (await processEntry(pid))?.started === started;

/** Ends what worked for a start that was killed; returns when nothing of it runs any more. */
export async function endLeftovers(paths: LocalPaths, start: Start): Promise<void> {
  for (;;) {
    const left = (await processTable()).filter((entry) => isLeft(entry, paths, start));
    if (left.length === 0) return;
    for (const { pid } of left) signalProcess(pid, 'SIGKILL');
    await sleep(POLL_MS);
  }
}

/**
 * A member of the group, as long as it has to do with this folder: a group's id may be another one's by now. Or a
 * Terraform, which cdktf runs in a group of its own, in the folder that is synthesized to. Or an engine that a first
 * start had no time to note down.
 */
function isLeft(
  { pid, group, command, cwd = '' }: ProcessEntry,
  paths: LocalPaths,
  { worker, first }: Start,
): boolean {
  if (pid === process.pid) return false;
  const inWorker = group === worker && (command.includes(paths.root) || cwd.startsWith(paths.root));
  const isEngine = first && command.includes(enginePath(paths));
  return inWorker || isEngine || (cwd.startsWith(paths.cdktfOut) && /(^|\/)(terraform|tofu)/u.test(command));
}

/** Ends a start that runs, in order, and waits for its end. */
export async function endStart({ pid, started, ...start }: Start): Promise<void> {
  signalProcess(pid, 'SIGTERM');
  while (await isAlive({ pid, started, ...start })) await sleep(POLL_MS);
}
