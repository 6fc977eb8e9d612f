import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { localPaths } from '../../tools/machine/paths';
import { checkPrerequisites } from '../../tools/machine/prerequisites';
import { ensureVenv } from '../../tools/local/venv';

/** Before the first test: installs the local engine as `npm start` does, once for all copies of the project. */
export default async function installEngine(): Promise<void> {
  const paths = localPaths(path.resolve(__dirname, '../..'));
  const { env } = process;
  const { pythonVersion = '' } = await checkPrerequisites({ env, withPython: true });
  await mkdir(paths.folder, { recursive: true });
  await ensureVenv({ paths, env, pythonVersion });
}
