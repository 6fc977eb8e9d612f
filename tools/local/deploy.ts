import path from 'node:path';
import { ToolError } from '../lib/errors';
import type { Note } from '../lib/progress';
import { indent } from '../lib/terminal';
import type { Environment } from '../lib/environment';
import type { LocalPaths } from '../machine/paths';
import { lastLines, logged, plain } from '../lib/processes';

export interface DeployProps {
  readonly paths: LocalPaths;
  /** The environment of a command (environment.ts). */
  readonly env: Environment;
  readonly signal?: AbortSignal | undefined;
  readonly note?: Note;
}

/** What a deployment did, counted by Terraform. */
export interface Changes {
  readonly added: number;
  readonly changed: number;
  readonly destroyed: number;
}

/**
 * Runs the project's own `cdktf deploy`; what it prints goes to a log.
 * @throws {ToolError} with the end of that log
 */
export async function deploy({ paths, env, signal, note }: DeployProps): Promise<Changes> {
  let changes: Changes = { added: 0, changed: 0, destroyed: 0 };
  const cdktf = path.join(paths.root, 'node_modules', 'cdktf-cli', 'bundle', 'bin', 'cdktf');
  const code = await logged(process.execPath, [cdktf, 'deploy', '--auto-approve'], {
    cwd: paths.root,
    env,
    log: paths.deployLog,
    signal,
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

/** Terraform's last line: `Apply complete! Resources: 14 added, 0 changed, 0 destroyed.` */
export function parseChanges(line: string): Changes | undefined {
  const counts = /(\d+) added, (\d+) changed, (\d+) destroyed/u.exec(line)?.slice(1).map(Number);
  return counts && { added: counts[0] ?? 0, changed: counts[1] ?? 0, destroyed: counts[2] ?? 0 };
}

/** What a line of Terraform's tells of where it is: `aws_sqs_queue: creating`. */
export function describeLine(line: string): string | undefined {
  const [, type, doing] =
    /\b(aws_\w+)\.\S+(?: \(.*?\))?: (Still )?(Creating|Modifying|Destroying|creating|modifying|destroying)/u
      .exec(plain(line))
      ?.filter((_, index) => index !== 2) ?? [];
  return type === undefined || doing === undefined ? undefined : `${type}: ${doing.toLowerCase()}`;
}
