import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Runs a tool without npm, away from any pipeline. */
const run = (tool: string, ...args: string[]) =>
  spawnSync(process.execPath, ['--import', 'tsx', `tools/operate/${tool}.ts`, ...args], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, NODE_NO_WARNINGS: '1' },
  });

const TOOLS = ['status', 'logs', 'failures', 'redrive', 'sweep', 'audit'];

describe.each(TOOLS)('npm run %s', (tool) => {
  it('tells every option that it has', () => {
    const { status, stdout } = run(tool, '--help');
    const source = readFileSync(`tools/operate/${tool}.ts`, 'utf8');
    const options = [...source.matchAll(/^ {6}'?([a-z-]+)'?: \{ type: '(?:string|boolean)'/gmu)].map(
      ([, name]) => name,
    );

    expect(status).toBe(0);
    for (const option of options.filter((name) => name !== 'help'))
      expect(stdout).toContain(`--${option ?? ''}`);
  });

  it('refuses an option that it does not have', () => {
    expect(run(tool, '--nonsense')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining("'--nonsense'") as string,
    });
  });
});

it.each([
  ['redrive', ['--rate', 'fast'], '--rate: got "fast"; expected an integer from 1 to 1000.'],
  ['redrive', ['--max', '0'], '--max: got "0"; expected an integer from 1 to 1000000.'],
  ['redrive', ['--hold', '1'], '--hold: got "1"; expected an integer from 5 to 43200.'],
  ['sweep', ['--older-than', 'long'], '--older-than: got "long"; expected a number with s, m, h or d'],
  ['logs', ['--since', '5'], '--since: got "5"; expected a number with s, m, h or d'],
])('npm run %s refuses %j before it looks for a pipeline', (tool, args, message) => {
  expect(run(tool, ...args)).toMatchObject({ status: 2, stderr: expect.stringContaining(message) as string });
});
