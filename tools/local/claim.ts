import { randomUUID } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, ToolError } from '../lib/errors';
import { processEntry, processTable, type ProcessEntry } from '../lib/process-table';
import { signalProcess } from '../lib/processes';
import type { LocalPaths } from '../machine/paths';
import { enginePath } from './engine';

const POLL_MS = 50;

/** The note of a running `npm start`. A note without its process belongs to a killed start. */
export interface Start {
  readonly pid: number;
  /** The start time of the process, in the system's format; it distinguishes processes that reuse an id. */
  readonly started: string;
  /** When it began (ISO 8601). */
  readonly since: string;
  /** Whether its first deployment is incomplete; a killed first deployment is discarded. */
  readonly first: boolean;
  /** The process group that works for it: pip's, or cdktf's. */
  readonly worker?: number | undefined;
}

/** The exclusive right to start a folder's engine and to deploy to it. */
export class Claim {
  private constructor(
    private readonly file: string,
    private start: Start,
    /** The killed start before this one; its processes have ended. */
    readonly killed: Start | undefined,
  ) {}

  /**
   * Takes the claim, and ends the processes of a killed start.
   * @throws {ToolError} if another start runs
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
    const next = `${this.file}.${this.start.pid}`;
    writeFileSync(next, JSON.stringify(this.start));
    renameSync(next, this.file); // another start never reads half a note
  }

  async release(): Promise<void> {
    await rm(this.file, { force: true });
  }
}

/** The running start of a folder; undefined if there is none. */
export async function runningStart(paths: LocalPaths): Promise<Start | undefined> {
  const start = await read(paths.claim);
  return start && (await isAlive(start)) ? start : undefined;
}

/**
 * Writes a start's note unless one exists.
 * @returns the note of a killed start, if one existed
 */
async function occupy(file: string, start: Start): Promise<Start | undefined> {
  const mine = `${file}.${randomUUID()}`;
  await writeFile(mine, JSON.stringify(start));
  try {
    let killed: Start | undefined;
    // A link appears atomically, and fails if the file exists.
    while (!(await isLinked(mine, file))) {
      const other = await read(file);
      if (other && (await isAlive(other))) throw new ToolError(busyText(other));
      if (await removeDead(file, other, mine)) killed = other;
    }
    return killed;
  } finally {
    await rm(mine, { force: true });
  }
}

/**
 * Removes a dead note. One start at a time does, and reads it again before: another one may have taken its place.
 * @returns whether this start removed it
 */
async function removeDead(file: string, dead: Start | undefined, mine: string): Promise<boolean> {
  const lock = `${file}.lock`;
  if (!(await isLinked(mine, lock))) {
    const holder = await read(lock);
    if (holder && (await isAlive(holder))) await sleep(POLL_MS);
    else await rm(lock, { force: true });
    return false;
  }
  try {
    const still = JSON.stringify(await read(file)) === JSON.stringify(dead);
    if (still) await rm(file, { force: true });
    return still;
  } finally {
    await rm(lock, { force: true });
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

/** Ends the processes of a killed start; returns when all have ended. */
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
