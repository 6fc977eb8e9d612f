import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Environment } from '../../lib/environment';
import { signalProcess } from '../../lib/processes';

export interface TerraformProps {
  /** The stack's folder. */
  readonly folder: string;
  readonly env: Environment;
  /** Interrupts it, as Ctrl-C does. */
  readonly signal?: AbortSignal | undefined;
  /** Called with each line. */
  readonly onLine?: (line: string) => void;
}

export interface Ran {
  /** Terraform's exit code; null where a signal ended it. */
  readonly code: number | null;
  /** Its output, standard output and standard error in their order. */
  readonly output: string;
}

/** Signals that this process passes on; Terraform finishes its current operations after the first one, and stops. */
const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs Terraform in its own process group, and waits for its end after every interrupt: a Terraform that is killed
 * during an apply loses the record of new resources. As in a terminal, a second Ctrl-C stops Terraform at once.
 * https://developer.hashicorp.com/terraform/cli/commands/apply
 */
export async function terraform(args: readonly string[], props: TerraformProps): Promise<Ran> {
  const { folder, env, signal: abort, onLine } = props;
  const child = spawn(env.TERRAFORM_BINARY_NAME ?? 'terraform', args, {
    cwd: folder,
    env: { ...env, TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const interrupt = (): void => {
    // The terminal may be gone: a failed write must not end this process before Terraform has ended.
    process.stdout.on('error', () => undefined);
    if (child.pid !== undefined) signalProcess(child.pid, 'SIGINT');
  };
  for (const signal of PASSED_ON) process.on(signal, interrupt);
  abort?.addEventListener('abort', interrupt);
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      onLine?.(line);
    });
  }
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, output: lines.join('\n').trim() };
  } finally {
    for (const signal of PASSED_ON) process.off(signal, interrupt);
  }
}
