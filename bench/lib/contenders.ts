import { existsSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { ToolError } from '../../tools/lib/errors';
import { lastLines, logged } from '../../tools/lib/processes';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { buildHandlers, handlerOptions } from '../../tools/build/bundle.mjs';
import type { BenchContext } from './section';

/** A handler and what runs it. */
export interface Contender {
  readonly name: string;
  readonly command: string;
  /** Before the mode: the driver. */
  readonly driver: string;
  /** After the mode: the handler. None: the bare runtime. */
  readonly handler?: string;
}

const NAME = 'process-upload';

/** Our handler as it is deployed. */
export async function ours({ root, folder }: BenchContext): Promise<Contender> {
  const handlers = await buildHandlers({ root, outdir: path.join(folder, 'dist') });
  const handler = handlers.find(({ name }) => name === NAME)?.bundle;
  if (handler === undefined) throw new ToolError(`There is no handlers/${NAME} in ${root}.`);
  return { name: 'ours', ...node(root), handler };
}

/** The same, without the rehearsal at init. */
export async function unrehearsed({ root, folder }: BenchContext): Promise<Contender> {
  const handler = path.join(folder, 'unrehearsed', 'index.js');
  const entry = path.join('bench', 'apps', 'unrehearsed.ts');
  await build({ ...handlerOptions(root), entryPoints: [entry], outfile: handler });
  return { name: 'unrehearsed', ...node(root), handler };
}

/** Our code with its packages loaded from node_modules, as a zip of the folder would have it. */
export async function unbundled({ root }: BenchContext): Promise<Contender> {
  // Inside the project: node_modules is found from there.
  const handler = path.join(root, 'dist', 'bench', 'unbundled.cjs');
  await build({
    absWorkingDir: root,
    entryPoints: [path.join('handlers', NAME, 'index.ts')],
    outfile: handler,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
  });
  return { name: 'unbundled', ...node(root), handler };
}

/** The reference in Python, with its boto3 in a virtual environment of the bench's own. */
export async function boto3(context: BenchContext): Promise<Contender> {
  return {
    name: 'boto3',
    ...(await python(context)),
    handler: path.join(context.root, 'bench', 'reference', 'boto3'),
  };
}

export const bareNode = ({ root }: BenchContext): Contender => ({ name: 'bare node', ...node(root) });

export const barePython = async (context: BenchContext): Promise<Contender> => ({
  name: 'bare python',
  ...(await python(context)),
});

const node = (root: string) => ({
  command: process.execPath,
  driver: path.join(root, 'bench', 'drivers', 'node.mjs'),
});

async function python(context: BenchContext) {
  return {
    command: await ensureVenv(context),
    driver: path.join(context.root, 'bench', 'drivers', 'python.py'),
  };
}

/** Makes the virtual environment unless it is there, complete, from the same requirements. */
async function ensureVenv({ root, folder, note }: BenchContext): Promise<string> {
  const venv = path.join(folder, 'venv');
  const interpreter = path.join(venv, 'bin', 'python');
  const requirements = path.join(root, 'bench', 'reference', 'boto3', 'requirements.txt');
  const marker = path.join(venv, 'complete');
  const identity = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex');
  const made = await readFile(marker, 'utf8').catch(() => '');
  if (made === identity && existsSync(interpreter)) return interpreter;

  note('installing boto3 into .local/bench/venv');
  await rm(venv, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await install('python3', ['-m', 'venv', venv]);
  await install(interpreter, [
    '-I',
    '-m',
    'pip',
    'install',
    '--no-input',
    '--require-hashes',
    '-r',
    requirements,
  ]);
  await writeFile(marker, identity);
  return interpreter;

  async function install(command: string, args: readonly string[]): Promise<void> {
    const log = path.join(folder, 'install.log');
    if ((await logged(command, args, { cwd: root, env: process.env, log })) === 0) return;
    throw new ToolError(
      `boto3 could not be installed (Python 3.10 or later with venv and the package index are needed):\n\n${await lastLines(log, 12)}`,
    );
  }
}
