import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { messageOf, ToolError } from '../lib/errors';
import { indent } from '../lib/terminal';

/**
 * Checks the types of the deployed code (app and handlers), not of tests and tools. Start it concurrently with other
 * work and wait for it before the first change: the bundler strips types without checking them.
 * @returns a function that waits for the result; it rejects with a {@link ToolError} with the compiler's messages
 */
export function beginTypeCheck(root: string): () => Promise<void> {
  const checked = checkTypes(root);
  // It may fail before a caller waits for it.
  checked.catch(() => undefined);
  return () => checked;
}

async function checkTypes(root: string): Promise<void> {
  const errors = await typeErrors(root);
  if (errors === undefined) return;
  throw new ToolError(`${errors}\n\nNothing was changed. \`npm run typecheck\` checks the whole project.`);
}

/**
 * Checks the types of the deployed code once.
 * @param signal ends the compiler
 * @returns what it says; undefined where all fits
 */
export async function typeErrors(root: string, signal?: AbortSignal): Promise<string | undefined> {
  const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  try {
    const args = [tsc, '--project', 'tools/build/deployed.json', '--pretty', 'false'];
    await promisify(execFile)(process.execPath, args, { cwd: root, signal });
    return undefined;
  } catch (error) {
    signal?.throwIfAborted();
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    const what = stdout === '' ? 'The types could not be checked' : 'The types do not fit';
    const printed = `${stdout}${stderr}`.trim();
    return `${what}:\n\n${indent(printed === '' ? messageOf(error) : printed)}`;
  }
}
