import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { main } from '../../../../tools/plan/capacity';
import { runMain } from '../../../support/tool';

const capacity = (...args: string[]) => runMain(main, args);

const SMALL = ['--rate', '20/s', '--for', '1min', '--burst', '100', '--reserved', '5'];

describe('npm run capacity', () => {
  it('prints what becomes of the load, without colours where nobody reads them', async () => {
    const { status, stdout, stderr } = await capacity(...SMALL);

    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('20 uploads a second for 60 s and 100 at once; 120 ms each, 5 at a time');
    expect(stdout).toMatch(/Dropped for their age +none/u);
    expect(stdout).toMatch(/Together +\$\d/u);
    expect(stdout).not.toContain('\u001b');
  });

  it('prints the same as JSON, and writes the chart', async () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'capacity-')), 'chart.svg');
    const { stdout } = await capacity(...SMALL, '--json', '--svg', file);

    expect(JSON.parse(stdout)).toMatchObject({
      options: { reserved: 5 },
      outcome: { dropped: 0 },
      cost: { total: expect.any(Number) as number },
    });
    expect(readFileSync(file, 'utf8')).toMatch(/^<svg /u);
  });

  it.each([
    [['--rate', 'much'], '--rate: got "much"; expected a rate such as 200/s'],
    [['--retries', '3'], '--retries: got "3"; expected an integer from 0 to 2'],
    [['--max-age', '7h'], '--max-age: got "7h"; expected a time from 60 s to 21600 s'],
    [['--region', 'mars'], '--region: got "mars"; expected one of us-east-1, eu-central-1'],
    [
      ['--rate', '100000/s', '--for', '168h'],
      '--rate, --for and --burst: got 60,480,000,000 uploads; expected at most 2,000,000,000',
    ],
    [['--reservd', '3'], "'--reservd'"],
  ])('refuses %j', async (args, said) => {
    const { status, stdout, stderr } = await capacity(...args);

    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(said);
  });

  it('tells its options', async () => {
    await expect(capacity('--help')).resolves.toMatchObject({
      status: 0,
      stdout: expect.stringContaining('--max-age') as string,
    });
  });
});
