import { capture } from '../../../tools/lib/processes';

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
