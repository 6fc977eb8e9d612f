import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { ToolError } from '../../lib/errors';
import { indent } from '../../lib/terminal';
import { lastLines, logged } from '../../lib/processes';

const run = promisify(execFile);

/**
 * Creates checkov's virtual environment, unless a complete one of the same requirements exists.
 * @returns the path of its Python
 * @throws {ToolError} if it cannot be installed
 */
export async function ensureCheckov(root: string, env: NodeJS.ProcessEnv): Promise<string> {
  const folder = path.join(root, '.local', 'scan');
  const requirements = path.join(root, 'tools', 'change', 'scan', 'requirements.txt');
  const [marker, python] = [path.join(folder, 'complete'), path.join(folder, 'bin', 'python')];
  const identity = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex');
  if ((await readFile(marker, 'utf8').catch(() => '')) === identity) return python;

  await rm(folder, { recursive: true, force: true });
  await mkdir(path.dirname(folder), { recursive: true });
  const log = path.join(root, '.local', 'scan-install.log');
  for (const [command, ...args] of [
    ['python3', '-m', 'venv', folder],
    [python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements],
  ] as const) {
    if ((await logged(command, args, { cwd: root, env, log })) === 0) continue;
    throw new ToolError(
      `checkov could not be installed:\n\n${indent(await lastLines(log, 12))}\n\nIt comes from the Python package index; pip’s own settings apply.`,
    );
  }
  await writeFile(marker, identity);
  return python;
}

/**
 * Runs checkov on every file of a folder, without the network.
 * @returns its JSON output
 * @throws {ToolError} if it could not read a file; checkov itself ignores that and exits with 0
 */
export async function scan(python: string, folder: string, env: NodeJS.ProcessEnv): Promise<string> {
  // Not the script `checkov`: its first line names Python's path, which may not contain spaces.
  const args = [
    '-I',
    '-m',
    'checkov.main',
    '-d',
    folder,
    '--framework',
    'terraform_json',
    'terraform_plan',
    '--skip-download',
    '--soft-fail',
  ];
  try {
    const { stdout } = await run(python, [...args, '--compact', '--quiet', '-o', 'json'], {
      env: { ...env, CKV_PARSE_ERROR_FAIL: 'true', LOG_LEVEL: 'ERROR' },
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  } catch (error) {
    throw new ToolError(`checkov failed: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
