import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
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
    await expect(review([planFile('data-at-risk')])).resolves.toMatchObject({
      status: 3,
      stderr: expect.stringContaining('--allow-data-loss') as string,
    });
    await expect(review([planFile('data-at-risk'), '--allow-data-loss'])).resolves.toMatchObject({
      status: 0,
      stderr: '',
    });
  });

  it('reads a plan from standard input, as a process of its own', () => {
    const input = readFileSync(planFile('no-changes'), 'utf8');
    const tool = spawnSync('node_modules/.bin/tsx', ['tools/change/review.ts', '-'], {
      encoding: 'utf8',
      input,
    });

    expect(tool).toMatchObject({ status: 0, stdout: '## Plan: no changes\n', stderr: '' });
  });

  it('takes the permissions of what is new from the synthesized JSON beside the plan', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'review-'));
    const policy = JSON.stringify({
      Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'theirs' }],
    });
    const resource = { aws_iam_role_policy: { 'process-upload_move-uploads_C70E0188': { policy } } };
    copyFileSync(planFile('first-deployment'), path.join(folder, 'plan.json'));
    writeFileSync(path.join(folder, 'cdk.tf.json'), JSON.stringify({ resource }));

    expect((await review([path.join(folder, 'plan.json')])).stdout).toContain(
      'may `s3:GetObject` on `theirs`',
    );
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
