import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Environment } from '../../lib/environment';
import { messageOf, ToolError } from '../../lib/errors';

/** The stack's id, as main.ts gives it. */
const STACK = 'upload-pipeline';

export interface Synthesized {
  /** Where Terraform runs. */
  readonly folder: string;
  /** The warnings of a construct. */
  readonly warnings: readonly string[];
}

/** The used part of cdktf's manifest. */
interface Manifest {
  readonly stacks: Readonly<
    Record<string, { readonly annotations?: readonly { readonly level: string; readonly message: string }[] }>
  >;
}

/**
 * Runs the app to write the stack's JSON, as `cdktf synth` does: with command and context of cdktf.json and the folder
 * of `CDKTF_OUTPUT`. It does not run cdktf, which prints its spinner line by line without a terminal.
 * @throws {ToolError} with the app's output
 */
export async function synth(root: string, env: Environment): Promise<Synthesized> {
  const { app, context } = readJson(path.join(root, 'cdktf.json')) as { app: string; context: unknown };
  const output = env.CDKTF_OUTPUT ?? 'cdktf.out';
  try {
    await promisify(execFile)(app, {
      cwd: root,
      shell: true,
      env: { ...env, CDKTF_OUTDIR: output, CDKTF_CONTEXT_JSON: JSON.stringify(context) },
    });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    const printed = `${stderr}${stdout}`.trim();
    throw new ToolError(printed === '' ? messageOf(error) : printed, { cause: error });
  }
  const { stacks } = readJson(path.resolve(root, output, 'manifest.json')) as Manifest;
  const annotations = stacks[STACK]?.annotations ?? [];
  return {
    folder: path.resolve(root, output, 'stacks', STACK),
    warnings: annotations.filter(({ level }) => level === '@cdktf/warn').map(({ message }) => message),
  };
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
