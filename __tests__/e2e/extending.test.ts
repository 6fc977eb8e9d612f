import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { beginTypeCheck } from '../../tools/build/typecheck';
import { messageOf } from '../../tools/lib/errors';
import { copyProject } from './project-copy';

const page = readFileSync('docs/extending.md', 'utf8');

interface Walk {
  readonly section: string;
  readonly alarms: readonly string[];
  readonly output: string;
}

const WALKS: readonly Walk[] = [
  {
    section: 'A function with a queue of its own',
    alarms: ['test-orders-error-rate', 'test-order-queue-age'],
    output: 'orders_function',
  },
  {
    section: 'A second pipeline with its own step',
    alarms: ['test-process-invoices-duration', 'test-sweep-invoices-throttles'],
    output: 'process_invoices_function',
  },
  { section: 'A metric with an alarm', alarms: ['test-empty-uploads'], output: 'process_upload_function' },
];

/** What a person does who has gone these walks, in the project's folder; fails with its output where it fails. */
const CHECKS = {
  'that is typechecked': (root: string) => beginTypeCheck(root)(),
  'that is synthesized': (root: string) => run(root, process.execPath, 'tools/build/app.mjs'),
  'of which the tests of the stack and of the runbook are green': (root: string) =>
    run(
      ...([
        root,
        process.execPath,
        'node_modules/jest/bin/jest.js',
        '--selectProjects',
        'unit',
        '-w',
        '1',
      ] as const),
      ...['--testPathPatterns', '__tests__/(stacks/|docs/runbook)'],
    ),
};

/** Together in one copy, because each check takes long. Where one fails, each walk alone tells which it is. */
describe('docs/extending.md', () => {
  const together = copyProject();
  afterAll(() => {
    together.remove();
  });

  it.each(WALKS)('shows a patch that applies: $section', async ({ section }) => {
    const alone = copyProject();

    await expect(walk(alone.root, section, '--check')).resolves.toBeUndefined();
    await expect(walk(together.root, section)).resolves.toBeUndefined();
    alone.remove();
  });

  it.each(Object.entries(CHECKS))('leads to a project %s', async (_, check) => {
    const failure = await check(together.root).then(() => undefined, messageOf);

    expect(failure === undefined ? [] : await brokenWalks(check, failure)).toEqual([]);
  });

  it.each(WALKS)('leads to alarms and outputs: $section', ({ alarms, output }) => {
    const stack = path.join(together.root, 'cdktf.out/stacks/upload-pipeline/cdk.tf.json');
    const json = readFileSync(stack, 'utf8');
    const prefix = /"alarm_name": ?"(.*)-process-upload-throttles"/u.exec(json)?.[1] ?? 'none';

    for (const alarm of alarms) expect(json).toContain(JSON.stringify(alarm.replace('test', prefix)));
    expect(JSON.parse(json)).toHaveProperty(['output', output]);
  });
});

/** Applies the patch that a section of the page shows. */
async function walk(root: string, section: string, ...options: string[]): Promise<void> {
  const text = page.split(/^## /mu).find((one) => one.startsWith(`${section}\n`)) ?? '';
  const patch = /```diff\n([\s\S]*?)```/u.exec(text)?.[1] ?? '';
  writeFileSync(path.join(root, 'walk.patch'), patch);
  await run(root, 'git', 'apply', ...options, 'walk.patch');
}

/** Which walks fail a check alone, and how; or how all of them do together. */
async function brokenWalks(check: (root: string) => Promise<void>, together: string): Promise<string[]> {
  const broken: string[] = [];
  for (const { section } of WALKS) {
    const copy = copyProject();
    await walk(copy.root, section);
    await check(copy.root).catch((error: unknown) => broken.push(`${section}: ${messageOf(error)}`));
    copy.remove();
  }
  return broken.length > 0 ? broken : [`all together: ${together}`];
}

async function run(root: string, command: string, ...args: string[]): Promise<void> {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, PIPELINE_ENV: 'prod' };
  try {
    await promisify(execFile)(command, args, { cwd: root, env, maxBuffer: 2 ** 26 });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(' ')}\n${stdout}\n${stderr}`, { cause: error });
  }
}
