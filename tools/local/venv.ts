import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ToolError } from '../lib/errors';
import { indent } from '../lib/terminal';
import type { Environment } from '../lib/environment';
import type { LocalPaths } from '../machine/paths';
import { lastLines, logged } from '../lib/processes';

export interface VenvProps {
  readonly paths: LocalPaths;
  readonly env: Environment;
  readonly pythonVersion: string;
  readonly signal?: AbortSignal | undefined;
  /** Called with each process group that works for it. */
  readonly onSpawn?: ((group: number) => void) | undefined;
}

export const venvPython = (paths: LocalPaths): string => path.join(paths.venv, 'bin', 'python');

/**
 * Creates the engine's virtual environment, unless a complete one of the same requirements and Python exists. A marker
 * is written last, so that an incomplete one is created again.
 * @returns whether anything was installed
 */
export async function ensureVenv({
  paths,
  env,
  pythonVersion,
  signal,
  onSpawn,
}: VenvProps): Promise<boolean> {
  const requirements = path.join(paths.root, 'tools', 'local', 'requirements.txt');
  const marker = path.join(paths.venv, 'complete');
  const identity = `${pythonVersion} ${createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex')}\n`;
  const made = await readFile(marker, 'utf8').catch(() => '');
  if (made === identity && existsSync(venvPython(paths))) return false;

  await rm(paths.venv, { recursive: true, force: true });
  await run('python3', ['-m', 'venv', paths.venv]);
  await run(venvPython(paths), [
    ...['-I', '-m', 'pip', 'install', '--disable-pip-version-check', '--no-input'],
    ...['--require-hashes', '--requirement', requirements],
  ]);
  await writeCli(paths);
  await writeFile(marker, identity);
  return true;

  async function run(command: string, args: readonly string[]): Promise<void> {
    const code = await logged(command, args, {
      cwd: paths.root,
      env,
      log: paths.installLog,
      signal,
      onSpawn,
    });
    if (code === 0) return;
    throw new ToolError(
      `The local engine could not be installed (\`${path.basename(command)} ${args[0] === '-I' ? 'pip install' : '-m venv'}\` failed):\n\n` +
        `${indent(await lastLines(paths.installLog, 12))}\n\n` +
        'It comes from the Python package index; pip’s own settings (PIP_INDEX_URL, PIP_CERT, a proxy) apply.\n' +
        `Everything it printed: ${path.relative(paths.root, paths.installLog)}. Nothing was started.`,
    );
  }
}

/**
 * A command `aws` for machines that have none. Not the one that pip makes: its first line names Python's path,
 * which may not hold a space.
 */
async function writeCli(paths: LocalPaths): Promise<void> {
  const python = path.relative(paths.bin, venvPython(paths));
  await mkdir(paths.bin, { recursive: true });
  await writeFile(
    path.join(paths.bin, 'aws'),
    `#!/bin/sh\nexec "$(dirname "$0")/${python}" -I -m awscli "$@"\n`,
    { mode: 0o755 },
  );
}
