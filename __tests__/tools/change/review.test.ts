import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { planFile } from '../../support/plans';

/** Runs `npm run review`, without npm. */
const review = (args: readonly string[], input = '') =>
  spawnSync('node_modules/.bin/tsx', ['tools/change/review.ts', ...args], { encoding: 'utf8', input });

describe('npm run review', () => {
  it('prints the review of a plan, and exits 0 where no data is at risk', () => {
    expect(review([planFile('code'), '--title', 'prod'])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^## Plan for prod\n\nno data at risk/u) as string,
      stderr: '',
    });
  });

  it('exits 2 where data is at risk, unless that is said to be meant', () => {
    expect(review([planFile('data-at-risk')])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--allow-data-loss') as string,
    });
    expect(review([planFile('data-at-risk'), '--allow-data-loss'])).toMatchObject({ status: 0, stderr: '' });
  });

  it('reads a plan from standard input', () => {
    expect(review(['-'], readFileSync(planFile('no-changes'), 'utf8'))).toMatchObject({
      status: 0,
      stdout: '## Plan: no changes\n',
    });
  });

  it('takes the permissions of what is new from the synthesized JSON beside the plan', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'review-'));
    const policy = JSON.stringify({
      Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'theirs' }],
    });
    const resource = { aws_iam_role_policy: { 'process-upload_move-uploads_C70E0188': { policy } } };
    copyFileSync(planFile('first-deployment'), path.join(folder, 'plan.json'));
    writeFileSync(path.join(folder, 'cdk.tf.json'), JSON.stringify({ resource }));

    expect(review([path.join(folder, 'plan.json')]).stdout).toContain('may `s3:GetObject` on `theirs`');
  });

  it.each([
    [['missing.json'], 1, 'missing.json: there is no such file.'],
    [['package.json'], 1, 'package.json is JSON, but not a plan.'],
    [['--alow-data-loss'], 2, "'--alow-data-loss'"],
    [['a.json', 'b.json'], 2, 'Expected one plan at most; got a.json, b.json.'],
  ])('refuses %j with exit code %p', (args, status, message) => {
    expect(review(args)).toMatchObject({
      status,
      stdout: '',
      stderr: expect.stringContaining(message) as string,
    });
  });
});
