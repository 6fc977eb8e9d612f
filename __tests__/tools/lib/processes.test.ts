import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { capture, logged, signalProcess } from '../../../tools/lib/processes';
import { pidOf } from '../../support/pid-of';
import { temporaryFolder } from '../local/temporary-folder';

const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

describe('capture', () => {
  it('keeps what a command prints, and its exit code', async () => {
    const script = "process.stdout.write('said'); process.stderr.write('complained'); process.exitCode = 3";

    await expect(capture(process.execPath, ['-e', script], {})).resolves.toEqual({
      code: 3,
      stdout: 'said',
      stderr: 'complained',
    });
  });

  it('tells that there is no such command, and leaves nothing running that would hold up the one who asked', async () => {
    const before = timers();

    await expect(capture('no-such-command', [], {})).resolves.toBeUndefined();

    expect(timers()).toBe(before);
  });
});

const folder = temporaryFolder();

/** A program that says its process id, and then runs until it is ended; Ctrl-C does not end the stubborn one. */
const waits = 'console.log(process.pid); setInterval(() => {}, 1000);';
const stubborn = `process.on('SIGINT', () => {}); ${waits}`;

/** What a test has started, for its end. */
const started: number[] = [];
afterEach(() => {
  for (const pid of started.splice(0)) signalProcess(pid, 'SIGKILL');
});

/** Runs a program in a group of its own, and calls `then` once it says its id. */
async function runGroup(
  program: string,
  then: (leader: number, abort: () => void) => void,
  graceMs?: number,
): Promise<number | null> {
  const interrupt = new AbortController();
  const abort = (): void => {
    interrupt.abort();
  };
  return logged(process.execPath, ['-e', program], {
    cwd: folder.path,
    env: {},
    log: path.join(folder.path, 'log'),
    signal: interrupt.signal,
    onLine: (line) => {
      started.push(Number(line));
      then(Number(line), abort);
    },
    ...(graceMs === undefined ? {} : { graceMs }),
  });
}

describe('signalProcess', () => {
  // The signal 0 asks only, so that nothing is harmed where the refusal is broken.
  it.each([
    ['the group of whoever calls', 0],
    ['the first process', 1],
    ['this process', process.pid],
    ['its parent', process.ppid],
    ['everything that may be signalled', -1],
    ['a group that this process has not started', -process.pid],
    ['part of a process', 1234.5],
    ['no number', Number.NaN],
  ])('refuses %s', (_what, pid) => {
    expect(() => signalProcess(pid, 0)).toThrow(`Process id: got ${pid}; expected the id of one process`);
  });

  it('ends one process of others, and tells that it is gone', async () => {
    const child = spawn(process.execPath, ['-e', waits], { stdio: 'ignore' });
    const pid = pidOf(child);

    expect(signalProcess(pid, 'SIGKILL')).toBe(true);
    await once(child, 'exit');
    expect(signalProcess(pid, 0)).toBe(false);
  });

  it('reaches a group that this process has started, and refuses it once it has ended', async () => {
    let leader = 0;

    const code = await runGroup(waits, (pid) => {
      leader = pid;
      signalProcess(-pid, 'SIGKILL');
    });

    expect(code).toBeNull();
    expect(() => signalProcess(-leader, 0)).toThrow(`Process id: got -${leader}`);
  });
});

describe('logged', () => {
  it('ends a command in order when it is interrupted', async () => {
    const program = `process.on('SIGINT', () => process.exit(require('fs').writeFileSync('in order', ''))); ${waits}`;
    const run = runGroup(program, (_leader, abort) => {
      abort();
    });

    await expect(run).rejects.toThrow('aborted');
    expect(readdirSync(folder.path)).toContain('in order');
  });

  it('ends at once, after a grace, what does not end in order, and what it has started', async () => {
    const program = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(stubborn)}], { stdio: 'inherit' }); ${stubborn}`;
    const run = runGroup(
      program,
      (_pid, abort) => {
        if (started.length === 2) abort();
      },
      100,
    );

    // It is waited for until nobody holds the other end of what it prints.
    await expect(run).rejects.toThrow('aborted');
  });
});

/** Every program of a folder. */
const programs = (root: string): string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.join(root, file));

describe.each(['__tests__', 'bench', 'tools'])('a program in %s', (root) => {
  it('never signals a process but by signalProcess, nor an id that stands for none', () => {
    const signals = ['process', 'kill('].join('.');
    const fallsBack = /pid\b[^;\n]{0,20}(?:\?\?|\|\|) *-?\d/iu;
    const found = programs(root)
      .filter((file) => file !== path.join('tools', 'lib', 'processes.ts'))
      .filter((file) => {
        const source = readFileSync(file, 'utf8');
        return source.includes(signals) || fallsBack.test(source);
      });

    expect(found).toEqual([]);
  });
});
