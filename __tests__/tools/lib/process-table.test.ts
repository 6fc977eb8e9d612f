import { processEntry, processTable } from '../../../tools/lib/process-table';

describe('the table of processes', () => {
  it('holds this one, with its folder and command', async () => {
    const own = (await processTable()).find(({ pid }) => pid === process.pid);

    expect(own).toEqual(await processEntry(process.pid));
    expect(own?.command).toMatch(/node/u);
    expect(own?.started).not.toBe('');
    expect([process.cwd(), undefined]).toContain(own?.cwd);
  });

  it('tells processes apart by when they were started', async () => {
    const parent = await processEntry(process.ppid);
    const own = await processEntry(process.pid);

    expect(`${own?.pid ?? ''} ${own?.started ?? ''}`).not.toBe(
      `${parent?.pid ?? ''} ${parent?.started ?? ''}`,
    );
    expect(await processEntry(2 ** 22 + 1)).toBeUndefined();
  });
});
