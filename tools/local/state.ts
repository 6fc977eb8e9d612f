import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Environment } from '../lib/environment';
import { parseOutputs as parseState } from '../lib/state';
import type { LocalPaths } from '../machine/paths';

/** The stack's outputs (`addOutput` in stacks/), each with its environment variable. */
const OUTPUTS = {
  upload_bucket: 'UPLOAD_BUCKET',
  upload_prefix: 'UPLOAD_PREFIX',
  processed_prefix: 'PROCESSED_PREFIX',
  failure_queue_url: 'FAILURE_QUEUE_URL',
  process_upload_function: 'PROCESS_UPLOAD_FUNCTION',
} as const;

/** Outputs that are missing from an older stack, or from one without the option. */
const OPTIONAL_OUTPUTS = {
  jobs_url: 'JOBS_URL',
  upload_queue_url: 'UPLOAD_QUEUE_URL',
  fifo_failure_queue_url: 'FIFO_FAILURE_QUEUE_URL',
  former_prefixes: 'FORMER_PREFIXES',
  further_pipelines: 'FURTHER_PIPELINES',
  bucket_owner: 'BUCKET_OWNER',
} as const;

export type Outputs = Readonly<
  Record<keyof typeof OUTPUTS, string> & Partial<Record<keyof typeof OPTIONAL_OUTPUTS, string>>
>;

/** The deployed stack's outputs from Terraform's state; undefined without a complete deployment. */
export async function readOutputs(paths: LocalPaths): Promise<Outputs | undefined> {
  try {
    return parseOutputs(await readFile(paths.state, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The outputs in a state file's text; undefined where one is missing. */
export function parseOutputs(state: string): Outputs | undefined {
  const outputs = parseState(state, 'the local state');
  const valuesOf = (names: object) => Object.keys(names).map((name) => [name, outputs[name]] as const);
  const entries = valuesOf(OUTPUTS);
  if (entries.some(([, value]) => typeof value !== 'string')) return undefined;
  const optional = valuesOf(OPTIONAL_OUTPUTS).filter(([, value]) => typeof value === 'string');
  return Object.fromEntries([...entries, ...optional]) as Outputs;
}

/** The outputs as environment variables. */
export const outputVariables = (outputs: Outputs): Environment =>
  Object.fromEntries(
    Object.entries({ ...OUTPUTS, ...OPTIONAL_OUTPUTS })
      .map(([name, variable]) => [variable, outputs[name as keyof Outputs]] as const)
      .filter(([, value]) => value !== undefined),
  );

export const hasState = (paths: LocalPaths): boolean => existsSync(paths.state);

/** Forgets the deployment: the state with its backup and lock, and the synthesized files. */
export async function forgetState(paths: LocalPaths): Promise<void> {
  const files = await readdir(paths.folder).catch(() => []);
  const stateFiles = files.filter((name) => name.includes(path.basename(paths.state)));
  await Promise.all(stateFiles.map((name) => rm(path.join(paths.folder, name), { force: true })));
  await rm(paths.cdktfOut, { recursive: true, force: true });
}
