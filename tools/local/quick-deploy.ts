import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { fields, parsed, type Fields } from '../../handlers/shared/fields';
import { terraformCommand } from '../lib/terraform';
import { describeChanges, type Changes } from '../lib/terraform-output';
import { engineClientConfig } from './client';
import { deploy, followed, NOTHING, type DeployProps } from './deploy';
import { codeOf, putCode, readFunctions, type DeployedFunction } from './dev/functions';
import type { EngineRecord } from './record';

export interface QuickProps extends DeployProps {
  readonly engine: EngineRecord;
  /** Asks cdktf and Terraform about everything, whatever has changed. */
  readonly full?: boolean | undefined;
}

/** What was done. */
export interface Deployed {
  readonly changes: Changes;
  /** `unchanged`: nothing was asked of Terraform. `code`: it compared the functions' code with its state alone. */
  readonly how: 'full' | 'code' | 'unchanged';
}

/** Where Terraform runs: the stack's folder in cdktf's. */
const stackFolder = ({ cdktfOut }: QuickProps['paths']): string =>
  path.join(cdktfOut, 'stacks', 'upload-pipeline');

/**
 * Deploys what has changed since the last deployment to the same engine. Looking at every resource takes cdktf and
 * Terraform most of a minute, and is left out only where it can find nothing: the synthesized bytes, Terraform's state, the
 * engine's process, and code and settings of each function there are what the last deployment has left. Where packages of
 * functions are all that differs, Terraform applies that without looking at the rest.
 */
export async function quickDeploy(props: QuickProps): Promise<Deployed> {
  const last = props.full === true ? undefined : await lastDeployment(props);
  if (last !== undefined && (await synthesized(props))) {
    const changed = whatChanged(last.stack, marksOfStack(await readStack(props)));
    if (changed === 'nothing' && last.kept === 'same') return { changes: NOTHING, how: 'unchanged' };
    const changes = changed === 'packages' ? await applyCode(props) : undefined;
    if (changes !== undefined) {
      await noteDeployment(props);
      return { changes, how: 'code' };
    }
  }
  const changes = await deploy(props);
  await putBack(props);
  await noteDeployment(props);
  return { changes, how: 'full' };
}

/** What a stack is known again by: all of it, and what is left of it without its packages. */
export interface StackMarks {
  readonly whole: string;
  readonly rest: string;
}

export const marksOfStack = (stack: string): StackMarks => ({
  whole: sha256(stack),
  rest: sha256(withoutPackages(stack)),
});

export function whatChanged(before: StackMarks, after: StackMarks): 'nothing' | 'packages' | 'more' {
  if (after.whole === before.whole) return 'nothing';
  return after.rest === before.rest ? 'packages' : 'more';
}

const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

const readStack = ({ paths }: QuickProps): Promise<string> =>
  readFile(path.join(stackFolder(paths), 'cdk.tf.json'), 'utf8');

/** For people. */
export const describeDeployed = ({ changes, how }: Deployed): string =>
  how === 'unchanged'
    ? 'Nothing has changed since the last deployment (`npm start -- --full` asks Terraform all the same)'
    : `Deployed with Terraform: ${describeChanges(changes)}`;

const noteOf = ({ paths }: Pick<QuickProps, 'paths'>): string => path.join(paths.folder, 'deployed.json');

/** What the last deployment is known again by. */
interface DeploymentNote {
  /** The state it left, and the engine it was made to. */
  readonly marks: string;
  /** What it deployed: the synthesized stack itself may be another command's by now, such as a diff's. */
  readonly stack: StackMarks;
}

async function marksOf({ paths, engine }: Pick<QuickProps, 'paths' | 'engine'>): Promise<string> {
  const { endpoint, pid, startedAt } = engine;
  return JSON.stringify({ state: sha256(await readFile(paths.state)), endpoint, pid, startedAt });
}

async function noteDeployment(props: QuickProps): Promise<void> {
  const note: DeploymentNote = { marks: await marksOf(props), stack: marksOfStack(await readStack(props)) };
  await writeFile(noteOf(props), JSON.stringify(note));
}

/**
 * The last deployment, where the state and the engine are what it has left; `otherCode`: but for the code of functions,
 * which `npm run dev` changes.
 */
async function lastDeployment(
  props: QuickProps,
): Promise<{ readonly kept: 'same' | 'otherCode'; readonly stack: StackMarks } | undefined> {
  try {
    const { marks, stack } = JSON.parse(await readFile(noteOf(props), 'utf8')) as DeploymentNote;
    if (marks !== (await marksOf(props))) return undefined;
    const lambda = new LambdaClient({ ...engineClientConfig(props.engine), maxAttempts: 1 });
    const functions = await readFunctions(props.paths);
    const kept = await Promise.all(functions.map((one) => whatIsKept(lambda, one)));
    if (kept.includes('nothing')) return undefined;
    return { kept: kept.includes('settings') ? 'otherCode' : 'same', stack };
  } catch {
    return undefined;
  }
}

/** How much of a function is as the state names it. */
export async function whatIsKept(
  lambda: LambdaClient,
  one: DeployedFunction,
): Promise<'everything' | 'settings' | 'nothing'> {
  const input = { FunctionName: one.functionName };
  const {
    CodeSha256 = '',
    Timeout,
    Environment,
  } = await lambda.send(new GetFunctionConfigurationCommand(input));
  const settings =
    Timeout === one.timeoutSeconds &&
    JSON.stringify(sorted(Environment?.Variables ?? {})) === JSON.stringify(sorted(one.variables));
  if (!settings) return 'nothing';
  return Buffer.from(CodeSha256, 'base64').toString('hex') === one.hash ? 'everything' : 'settings';
}

/**
 * Puts the deployed package on a function that runs another: what a killed `npm run dev` has left. Terraform does not see
 * it, because it compares the configuration's hash with that of its state, and never with the function's.
 */
async function putBack({ paths, engine }: Pick<QuickProps, 'paths' | 'engine'>): Promise<void> {
  const lambda = new LambdaClient({ ...engineClientConfig(engine), maxAttempts: 1 });
  for (const one of await readFunctions(paths)) {
    if (one.alias !== undefined || (await codeOf(lambda, one.functionName)) === one.hash) continue;
    const zip = await readFile(path.join(paths.root, 'dist', 'packages', `${one.handler}.zip`));
    if (sha256(zip) === one.hash) await putCode(lambda, one, zip);
  }
}

const sorted = (object: object): unknown => Object.entries(object).sort();

/** Runs the app as cdktf does, into the same folder. @returns false where it fails: cdktf tells why */
async function synthesized({ paths, env, signal }: QuickProps): Promise<boolean> {
  const json = fields(parsed(await readFile(path.join(paths.root, 'cdktf.json'), 'utf8')));
  try {
    await promisify(execFile)(process.execPath, ['tools/build/app.mjs'], {
      cwd: paths.root,
      env: { ...env, CDKTF_OUTDIR: env.CDKTF_OUTPUT, CDKTF_CONTEXT_JSON: JSON.stringify(json.context) },
      signal,
    });
    return true;
  } catch {
    signal?.throwIfAborted();
    return false;
  }
}

/** A stack without what a new package changes in it. */
function withoutPackages(stack: string): string {
  const { resource, ...others } = fields(parsed(stack));
  const { aws_lambda_function: functions, ...resources } = fields(resource);
  const rest = Object.entries(fields(functions)).map(([id, block]): [string, Fields] => {
    return [id, { ...fields(block), filename: undefined, source_code_hash: undefined }];
  });
  return JSON.stringify([others, resources, rest]);
}

/** @returns undefined where Terraform could not: the whole deployment tells why, or can */
async function applyCode(props: QuickProps): Promise<Changes | undefined> {
  const terraform = terraformCommand(props.env, props.paths.root);
  if (terraform === undefined) return undefined;
  const args = ['apply', '-auto-approve', '-input=false', '-refresh=false', '-no-color'];
  const { code, changes } = await followed(terraform, args, { ...props, cwd: stackFolder(props.paths) });
  return code === 0 ? changes : undefined;
}
