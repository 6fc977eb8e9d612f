import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { main } from '../../../tools/change/review';
import { planFile } from '../../support/plans';
import { runMain } from '../../support/tool';

const review = (args: readonly string[]) => runMain(main, args);

describe('npm run review', () => {
  it('prints the review of a plan, and exits 0 where no data is at risk', async () => {
    await expect(review([planFile('code'), '--title', 'prod'])).resolves.toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^## Plan for prod\n\nno data at risk/u) as string,
      stderr: '',
    });
  });

  it('exits 3 where data is at risk, unless that is said to be meant', async () => {
    await expect(review([planFile('less-kept')])).resolves.toMatchObject({
      status: 3,
      stderr: expect.stringContaining('--allow-data-loss') as string,
    });
    await expect(review([planFile('less-kept'), '--allow-data-loss'])).resolves.toMatchObject({
      status: 0,
      stderr: '',
    });
  });

  it('exits 3 for --drift where anything differs, calm or not', async () => {
    await expect(review([planFile('code'), '--drift'])).resolves.toMatchObject({ status: 3 });
    await expect(review([planFile('no-changes'), '--drift'])).resolves.toMatchObject({ status: 0 });
  });

  it('reads a plan from standard input, as a process of its own', () => {
    const input = readFileSync(planFile('no-changes'), 'utf8');
    const tool = spawnSync('node_modules/.bin/tsx', ['tools/change/review.ts', '-'], {
      encoding: 'utf8',
      input,
    });

    expect(tool).toMatchObject({ status: 0, stdout: '## Plan: no changes\n', stderr: '' });
  });

  it('exits 3 where something is opened, unless that is said to be meant', async () => {
    await expect(review([planFile('exposure')])).resolves.toMatchObject({
      status: 3,
      stderr: expect.stringContaining('--allow-exposure') as string,
    });
    await expect(review([planFile('exposure'), '--allow-data-loss'])).resolves.toMatchObject({ status: 3 });
    await expect(review([planFile('exposure'), '--allow-exposure'])).resolves.toMatchObject({
      status: 0,
      stderr: '',
    });
  });

  it.each([
    [['missing.json'], 1, 'missing.json: the file does not exist.'],
    [['package.json'], 1, 'package.json is JSON, but not a plan.'],
    [['--alow-data-loss'], 2, "'--alow-data-loss'"],
    [['a.json', 'b.json'], 2, 'Expected one plan at most; got a.json, b.json.'],
  ])('refuses %j with exit code %p', async (args, status, message) => {
    await expect(review(args)).resolves.toMatchObject({
      status,
      stdout: '',
      stderr: expect.stringContaining(message) as string,
    });
  });
});
