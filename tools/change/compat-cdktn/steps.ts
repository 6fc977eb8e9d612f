import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ToolError } from '../../lib/errors';
import { indent } from '../../lib/terminal';
import { lastLines, logged } from '../../lib/processes';
import { differences, type Difference } from './differences';
import { rewriteManifest, rewriteSource } from './rewrite';

/** Files that a clone does not have. */
const LEFT_OUT = new Set(['.git', '.local', 'cdktf.out', 'coverage', 'dist', 'node_modules']);

/** A copy of the project on cdktn. */
export interface Copy {
  /** The project's folder. */
  readonly root: string;
  readonly folder: string;
  readonly log: string;
}

/** Copies the project and replaces cdktf's packages by cdktn's. Installed packages stay. */
export function copyProject({ root, folder }: Copy): void {
  for (const entry of readdirSync(folder)) {
    if (entry !== 'node_modules') rmSync(path.join(folder, entry), { recursive: true });
  }
  for (const entry of readdirSync(root)) {
    if (!LEFT_OUT.has(entry)) cpSync(path.join(root, entry), path.join(folder, entry), { recursive: true });
  }
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(ts|mjs)$/u.test(file) || file.startsWith('node_modules')) continue;
    const whole = path.join(folder, file);
    // This tool's own files name both on purpose.
    if (!file.includes('cdktn')) writeFileSync(whole, rewriteSource(readFileSync(whole, 'utf8')));
  }
  const manifest = path.join(folder, 'package.json');
  writeFileSync(manifest, rewriteManifest(readFileSync(manifest, 'utf8')));
}

/** @throws {ToolError} with the end of what a failing command printed */
export async function runIn({ folder, log }: Copy, command: string, ...args: string[]): Promise<void> {
  const code = await logged(command, args, { cwd: folder, env: process.env, log });
  if (code === 0) return;
  throw new ToolError(
    `\`${command} ${args.join(' ')}\` failed on cdktn:\n\n${indent(await lastLines(log, 40))}\n\nThe copy: ${folder}`,
  );
}

const ENDPOINT = 'http://127.0.0.1:4566';

/** Synthesizes an environment in both folders. @returns what differs */
export async function compareSynth(copy: Copy, environment: string): Promise<Difference[]> {
  const synth = async (folder: string): Promise<unknown> => {
    // At the same place in both: the path to the state starts there.
    const out = path.join(folder, 'dist', 'compat');
    mkdirSync(out, { recursive: true });
    const env = { ...process.env, PIPELINE_ENV: environment, AWS_ENDPOINT_URL: ENDPOINT, CDKTF_OUTDIR: out };
    const code = await logged(process.execPath, ['tools/build/app.mjs'], { cwd: folder, env, log: copy.log });
    if (code !== 0)
      throw new ToolError(`${environment} is not synthesized:\n\n${indent(await lastLines(copy.log, 25))}`);
    return JSON.parse(readFileSync(path.join(out, 'stacks', 'upload-pipeline', 'cdk.tf.json'), 'utf8'));
  };
  return differences(await synth(copy.root), await synth(copy.folder));
}
