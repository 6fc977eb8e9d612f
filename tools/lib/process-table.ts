import { readdir, readFile, readlink } from 'node:fs/promises';
import { capture } from './processes';

/** A process of this machine. */
export interface ProcessEntry {
  readonly pid: number;
  /** Its process group. */
  readonly group: number;
  /** The start time in the system's own format; it distinguishes processes that reuse an id. */
  readonly started: string;
  readonly command: string;
  /** Its working folder; undefined if the system does not tell it (macOS, processes of other users). */
  readonly cwd?: string | undefined;
}

/** All visible processes, from /proc, or from `ps` without /proc. */
export async function processTable(): Promise<ProcessEntry[]> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((name) => /^\d+$/u.test(name));
  if (pids.length === 0) return fromPs(['-axww']);
  return (await Promise.all(pids.map(fromProc))).filter((entry) => entry !== undefined);
}

/** One process; undefined if it does not run. */
export async function processEntry(pid: number): Promise<ProcessEntry | undefined> {
  return (await fromProc(String(pid))) ?? (await fromPs(['-ww', '-p', String(pid)]))[0];
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: the name is in parentheses, and may contain parentheses. */
async function fromProc(pid: string): Promise<ProcessEntry | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state = '', , group = ''] = fields;
    if (state === 'Z') return undefined; // a zombie: it has ended, but its parent has not read its exit code
    return {
      pid: Number(pid),
      group: Number(group),
      started: fields[19] ?? '',
      command: (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim(),
      cwd: await readlink(`/proc/${pid}/cwd`).catch(() => undefined),
    };
  } catch {
    return undefined;
  }
}

const PS_LINE = /^\s*(\d+)\s+(\d+)\s+(\w+ +\w+ +\d+ +[\d:]+ +\d+)\s+(.*)$/u;

async function fromPs(which: readonly string[]): Promise<ProcessEntry[]> {
  const columns = ['-o', 'pid=', '-o', 'pgid=', '-o', 'lstart=', '-o', 'command='];
  const answer = await capture('ps', [...which, ...columns], { PATH: process.env.PATH, LC_ALL: 'C' });
  return (answer?.stdout ?? '').split('\n').flatMap((line) => {
    const [, pid, group, started, command] = PS_LINE.exec(line) ?? [];
    if (started === undefined || command === undefined) return [];
    return [{ pid: Number(pid), group: Number(group), started, command }];
  });
}
