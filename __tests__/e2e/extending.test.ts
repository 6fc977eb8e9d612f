import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { copyProject, type ProjectCopy } from './project-copy';

jest.setTimeout(900_000);

const page = readFileSync('docs/extending.md', 'utf8');

/** The patch that a section of the page shows. */
function patchOf(section: string): string {
  const text = page.split(/^## /mu).find((one) => one.startsWith(`${section}\n`)) ?? '';
  return /```diff\n([\s\S]*?)```/u.exec(text)?.[1] ?? '';
}

/** What a person runs, in the copy; fails with its output where it fails. */
async function run({ root }: ProjectCopy, command: string, ...args: string[]): Promise<void> {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, PIPELINE_ENV: 'prod' };
  try {
    await promisify(execFile)(command, args, { cwd: root, env, maxBuffer: 2 ** 26 });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(' ')}\n${stdout}\n${stderr}`, { cause: error });
  }
}

describe.each([
  [
    'A function with a queue of its own',
    ['test-orders-error-rate', 'test-order-queue-age'],
    'orders_function',
  ],
  [
    'A second pipeline with its own step',
    ['test-process-invoices-duration', 'test-sweep-invoices-throttles'],
    'process_invoices_function',
  ],
  ['A metric with an alarm', ['test-empty-uploads'], 'process_upload_function'],
])('docs/extending.md: %s', (section, alarms, output) => {
  let copy: ProjectCopy;

  beforeAll(async () => {
    copy = copyProject();
    writeFileSync(path.join(copy.root, 'walk.patch'), patchOf(section));
    await run(copy, 'git', 'apply', 'walk.patch');
  });

  afterAll(() => {
    copy.remove();
  });

  it('typechecks', async () => {
    await expect(run(copy, 'npx', 'tsc')).resolves.toBeUndefined();
  });

  it('synthesizes, with its alarms and outputs', async () => {
    await run(copy, process.execPath, 'tools/build/app.mjs');
    const json = readFileSync(path.join(copy.root, 'cdktf.out/stacks/upload-pipeline/cdk.tf.json'), 'utf8');
    const prefix = /"alarm_name": ?"(.*)-process-upload-throttles"/u.exec(json)?.[1] ?? 'none';

    for (const alarm of alarms) expect(json).toContain(JSON.stringify(alarm.replace('test', prefix)));
    expect(JSON.parse(json)).toHaveProperty(['output', output]);
  });

  it('leaves the tests of the stack and of the runbook green', async () => {
    const tests = [
      '--selectProjects',
      'unit',
      '-w',
      '1',
      '--testPathPatterns',
      '__tests__/(stacks/|docs/runbook)',
    ];

    await expect(run(copy, 'npx', 'jest', ...tests)).resolves.toBeUndefined();
  });
});
