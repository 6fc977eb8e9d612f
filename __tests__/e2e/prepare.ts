import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../tools/lib/errors';
import { ensureVenv } from '../../tools/local/venv';
import { lookAtMachine } from '../../tools/machine/machine';
import { localPaths } from '../../tools/machine/paths';

declare global {
  /** What the end-to-end tests lack on this machine, in words; undefined where they can run. */
  var endToEndMissing: Promise<string | undefined> | undefined;
}

/**
 * Before the first end-to-end test, and beside the unit tests: looks at what they need, and installs the local engine
 * as `npm start` does, once for all copies of the project. The runner (support/runner.mjs) waits for the outcome.
 */
export default function prepare(): void {
  globalThis.endToEndMissing = prepareEngine().then(() => undefined, messageOf);
}

async function prepareEngine(): Promise<void> {
  const paths = localPaths(path.resolve(__dirname, '../..'));
  const look = { root: paths.root, env: process.env, withPython: true, pinProvider: true };
  const { env, pythonVersion = '' } = await lookAtMachine(look);
  await mkdir(paths.folder, { recursive: true });
  await ensureVenv({ paths, env, pythonVersion });
}
