import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { codeOf, ToolError, UsageError } from '../lib/errors';
import { isReachable, isRunning } from './engine';
import { commandEnvironment, ownEndpoint } from './environment';
import type { Environment } from '../lib/environment';
import { localPaths, type LocalPaths } from '../machine/paths';
import { withoutMissingConfiguration } from '../lib/terraform';
import { readRecord } from './record';
import { outputVariables, readOutputs } from './state';

export interface RunProps {
  /** The project's folder. */
  readonly root: string;
  readonly env: Environment;
  /** The command and its arguments. */
  readonly command: readonly string[];
}

/** Sent on to the command; the terminal sends SIGINT and SIGQUIT to it by itself. */
const PASSED_ON = ['SIGTERM', 'SIGHUP'] as const;
const HELD_BACK = ['SIGINT', 'SIGQUIT'] as const;

/**
 * `npm run local -- COMMAND…`: runs a command against the engine, on this terminal.
 * @returns its exit code; as in shells, 128 + the signal that ended it, or 127 if the command does not exist
 * @throws {ToolError} if nothing is deployed, or the engine does not answer
 */
export async function run({ root, env, command: [name, ...args] }: RunProps): Promise<number> {
  if (name === undefined) throw new UsageError('Which command? For example: npm run local -- aws s3 ls');
  const variables = await localEnvironment(localPaths(root), env);
  const child = spawn(name, args, { env: { ...variables }, stdio: 'inherit' });
  const passOn = (signal: NodeJS.Signals): void => void child.kill(signal);
  const holdBack = (): void => undefined;
  for (const signal of PASSED_ON) process.on(signal, passOn);
  for (const signal of HELD_BACK) process.on(signal, holdBack);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', (error) => {
        if (codeOf(error) !== 'ENOENT') reject(error);
        console.error(`${name}: command not found`);
        resolve(127);
      });
      child.once('exit', (code, signal) => {
        resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
      });
    });
  } finally {
    for (const signal of PASSED_ON) process.off(signal, passOn);
    for (const signal of HELD_BACK) process.off(signal, holdBack);
  }
}

/** The environment of a command, with the outputs of the deployment: `UPLOAD_BUCKET`, `FAILURE_QUEUE_URL` and so on. */
export async function localEnvironment(paths: LocalPaths, shell: Environment): Promise<Environment> {
  ownEndpoint(shell); // throws for a remote endpoint, although the command would not use it
  const record = await readRecord(paths);
  const outputs = await readOutputs(paths);
  if (!record || !outputs) throw new ToolError('Nothing is deployed on this machine. `npm start` does that.');
  const { endpoint, certificate, pid, terraform } = record;
  const up = pid === undefined ? await isReachable(record) : await isRunning(paths, record);
  if (!up)
    throw new ToolError(`The engine at ${endpoint} does not run any more. \`npm start\` starts afresh.`);
  return {
    ...commandEnvironment(withoutMissingConfiguration(shell), {
      paths,
      endpoint,
      certificate,
      terraform: terraform ?? {},
    }),
    ...outputVariables(outputs),
  };
}
