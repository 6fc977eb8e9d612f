import path from 'node:path';
import { ToolError } from '../lib/errors';
import type { Note } from '../lib/progress';
import { indent } from '../lib/terminal';
import type { Environment } from '../lib/environment';
import type { LocalPaths } from '../machine/paths';
import { lastLines, logged } from '../lib/processes';
import { describeLine, parseChanges, type Changes } from '../lib/terraform-output';

export const NOTHING: Changes = { added: 0, changed: 0, destroyed: 0 };

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
export async function deploy(props: DeployProps): Promise<Changes> {
  const { paths } = props;
  const cdktf = path.join(paths.root, 'node_modules', 'cdktf-cli', 'bundle', 'bin', 'cdktf');
  const args = [cdktf, 'deploy', '--auto-approve'];
  const { code, changes = NOTHING } = await followed(process.execPath, args, { ...props, cwd: paths.root });
  if (code === 0) return changes;
  throw new ToolError(
    `The deployment failed. The end of what \`cdktf deploy\` printed:\n\n${indent(await lastLines(paths.deployLog, 25))}\n\n` +
      `All of it: ${path.relative(paths.root, paths.deployLog)}.`,
  );
}

/** Runs a program that applies with Terraform, its output in the log of deployments, and tells what it says of itself. */
export async function followed(
  program: string,
  args: readonly string[],
  { cwd, paths, env, signal, note, onSpawn }: DeployProps & { readonly cwd: string },
): Promise<{ readonly code: number | null; readonly changes: Changes | undefined }> {
  let changes: Changes | undefined;
  const code = await logged(program, args, {
    cwd,
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
  return { code, changes };
}
