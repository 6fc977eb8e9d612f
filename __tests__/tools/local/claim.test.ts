import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { processEntry } from '../../../tools/lib/process-table';
import { Claim, endStart, runningStart, type Start } from '../../../tools/local/claim';
import { localPaths } from '../../../tools/machine/paths';
import { temporaryFolder } from './temporary-folder';

const folder = temporaryFolder();
const paths = () => localPaths(folder.path);
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A process that runs until it is ended. Its command line, or its folder, tells whose it is. */
async function sleeper(file: string, cwd?: string): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', file], {
    cwd,
    stdio: 'ignore',
    detached: true,
  });
  children.push(child);
  await once(child, 'spawn');
  if (child.pid === undefined) throw new Error('There is no process.');
  return child.pid;
}
const runs = async (pid: number): Promise<boolean> => (await processEntry(pid)) !== undefined;

/** Leaves the note of a start that does not run any more: its id is this process's by now. */
const leave = (note: Partial<Start> = {}): string =>
  folder.write(
    '.local/start.json',
    JSON.stringify({
      pid: process.pid,
      started: 'before',
      since: '2026-01-01T00:00:00Z',
      first: true,
      ...note,
    }),
  );

describe('Claim', () => {
  it('is one start’s at a time: the second one is told at once, with process id and time', async () => {
    const claim = await Claim.take(paths(), new Date('2026-01-01T12:00:00Z'));

    await expect(Claim.take(paths())).rejects.toThrow(
      new RegExp(`npm start already runs in this folder: process ${process.pid}, since \\d+:\\d+`, 'u'),
    );
    await claim.release();
    await (await Claim.take(paths())).release();
    expect(readdirSync(paths().folder)).toEqual([]);
  });

  it('is one start’s at a time where several find that the last one was killed', async () => {
    leave();

    const taken = await Promise.allSettled(Array.from({ length: 8 }, () => Claim.take(paths())));

    expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(readdirSync(paths().folder)).toEqual(['start.json']);
  });

  it.each([
    ['its process id is another process’s by now', () => leave(), true],
    ['its process is gone', () => leave({ pid: 2 ** 22 + 1 }), true],
    ['its note is cut short', () => folder.write('.local/start.json', '{"pid":'), undefined],
  ])('is taken over from a start that was killed: %s', async (_, killed, first) => {
    killed();

    expect((await Claim.take(paths())).killed?.first).toBe(first);
  });

  it('notes how far the start is, for the next one', async () => {
    const claim = await Claim.take(paths());
    claim.note({ first: true, worker: 4711 });

    expect(JSON.parse(readFileSync(paths().claim, 'utf8'))).toMatchObject({ first: true, worker: 4711 });
    expect(await runningStart(paths())).toMatchObject({ pid: process.pid, worker: 4711 });
  });

  it('ends what a killed start has left: its worker, its Terraform, its engine', async () => {
    const worker = await sleeper(`${folder.path}/node_modules/cdktf`);
    const terraform = await sleeper(
      '/usr/bin/terraform apply',
      folderOf('.local/cdktf.out/stacks/upload-pipeline'),
    );
    const engine = await sleeper(`${folder.path}/.local/venv/bin/ministack`);
    leave({ worker });

    await Claim.take(paths());

    expect(await Promise.all([worker, terraform, engine].map(runs))).toEqual([false, false, false]);
  });

  it('leaves alone what is not its own: other folders, people’s shells, an engine that holds a deployment', async () => {
    const strange = await sleeper('/another/project/cdktf');
    const shell = await sleeper('/bin/sh', folderOf('.local/cdktf.out/stacks/upload-pipeline'));
    const engine = await sleeper(`${folder.path}/.local/venv/bin/ministack`);
    leave({ worker: strange, first: false });

    await Claim.take(paths());

    expect(await Promise.all([strange, shell, engine].map(runs))).toEqual([true, true, true]);
  });
});

const folderOf = (name: string): string => folder.write(`${name}/file`).replace(/\/file$/u, '');

describe('endStart', () => {
  it('asks a start to end, and returns when it has', async () => {
    const pid = await sleeper('npm start');
    const started = (await processEntry(pid))?.started ?? '';

    await endStart({ pid, started, since: '', first: false });

    expect(await runs(pid)).toBe(false);
    expect(existsSync(paths().claim)).toBe(false);
  });
});
