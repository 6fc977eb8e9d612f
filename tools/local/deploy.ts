import path from 'node:path';
import { ToolError } from '../lib/errors';
import type { Note } from '../lib/progress';
import { indent } from '../lib/terminal';
import type { Environment } from '../lib/environment';
import type { LocalPaths } from '../machine/paths';
import { lastLines, logged } from '../lib/processes';
import { describeLine, parseChanges, type Changes } from '../lib/terraform-output';

export interface DeployProps {
  readonly paths: LocalPaths;
  /** The environment of a command (environment.ts). */
  readonly env: Environment;
  readonly signal?: AbortSignal | undefined;
  readonly note?: Note;
  /** Called with the process group of the deployment. */
  readonly onSpawn?: ((group: number) => void) | undefined;
}

/**
 * Runs the project's `cdktf deploy`; its output goes to a log.
 * @throws {ToolError} with the end of that log
 */
export async function deploy({ paths, env, signal, note, onSpawn }: DeployProps): Promise<Changes> {
  let changes: Changes = { added: 0, changed: 0, destroyed: 0 };
  const cdktf = path.join(paths.root, 'node_modules', 'cdktf-cli', 'bundle', 'bin', 'cdktf');
  const code = await logged(process.execPath, [cdktf, 'deploy', '--auto-approve'], {
    cwd: paths.root,
    env,
    log: paths.deployLog,
    signal,
    onSpawn,
    onLine: (line) => {
      changes = parseChanges(line) ?? changes;
      const now = describeLine(line);
      if (now !== undefined) note?.(now);
    },
  });
  if (code === 0) return changes;
  throw new ToolError(
    `The deployment failed. The end of what \`cdktf deploy\` printed:\n\n${indent(await lastLines(paths.deployLog, 25))}\n\n` +
      `All of it: ${path.relative(paths.root, paths.deployLog)}.`,
  );
}
