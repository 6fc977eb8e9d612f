import { spawnSync } from 'node:child_process';

/** Runs the command without npm and without a terminal. */
const run = (...args: string[]) =>
  spawnSync('node_modules/.bin/tsx', ['tools/change/deploy.ts', ...args], { encoding: 'utf8' });

describe('tools/change/deploy.ts, without a terminal', () => {
  it.each([
    [['deploy'], 'npm run deploy -- --yes'],
    [['destroy'], 'npm run destroy -- --yes'],
    [['dif'], 'Expected deploy, diff or destroy; got dif.'],
    [['deploy', '--yess'], "'--yess'"],
  ])('ends %j with 2 and changes nothing', (args, message) => {
    expect(run(...args)).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining(message) as string,
    });
  });

  it('tells its options and exit codes', () => {
    expect(run('diff', '--help')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/--yes[\s\S]*--auto-approve[\s\S]*Exit codes: 0/u) as string,
    });
  });
});
