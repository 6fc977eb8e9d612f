import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { messageOf, ToolError } from '../../lib/errors';
import { Progress } from '../../lib/progress';
import { indent, type Output } from '../../lib/terminal';
import { lastLines, logged } from '../../lib/processes';

/** The stack's id, as main.ts gives it. */
const STACK = 'upload-pipeline';

export interface MakePlanProps {
  /** The project's folder. */
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where progress is told; standard output is the review's. */
  readonly output: Output;
}

export interface MadePlan {
  /** The plan, as `terraform show -json` writes it. */
  readonly json: string;
  /** The synthesized JSON that was planned. */
  readonly synthesized: string;
  readonly environment: string;
}

/**
 * Runs `cdktf diff` and reads the plan that it leaves in the stack's folder. `TERRAFORM_BINARY_NAME` and
 * `CDKTF_OUTPUT` mean what they mean to cdktf.
 * @throws {ToolError} with the end of what the failing command printed
 */
export async function makePlan({ root, env, output }: MakePlanProps): Promise<MadePlan> {
  const progress = new Progress(output);
  const environment = env.PIPELINE_ENV ?? 'dev';
  const folder = path.resolve(root, env.CDKTF_OUTPUT ?? 'cdktf.out', 'stacks', STACK);
  await progress.step(`Planning ${environment} with cdktf diff`, () => diff(root, env));
  const json = await progress.step('Reading the plan', () => show(folder, env));
  return { json, synthesized: path.join(folder, 'cdk.tf.json'), environment };
}

async function diff(root: string, env: MakePlanProps['env']): Promise<void> {
  const temporary = await mkdtemp(path.join(tmpdir(), 'review-'));
  const log = path.join(temporary, 'diff.log');
  try {
    const cdktf = path.join(root, 'node_modules', 'cdktf-cli', 'bundle', 'bin', 'cdktf');
    const code = await logged(process.execPath, [cdktf, 'diff'], { cwd: root, env, log });
    if (code !== 0) {
      throw new ToolError(
        `\`cdktf diff\` failed. The end of what it printed:\n\n${indent(await lastLines(log, 25))}`,
      );
    }
  } finally {
    await rm(temporary, { recursive: true });
  }
}

async function show(folder: string, env: MakePlanProps['env']): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(
      env.TERRAFORM_BINARY_NAME ?? 'terraform',
      [`-chdir=${folder}`, 'show', '-json', 'plan'],
      { env: { ...env }, maxBuffer: 256 * 1024 * 1024 },
    );
    return stdout;
  } catch (error) {
    throw new ToolError(`The plan in ${folder} cannot be read: ${messageOf(error)}`);
  }
}
