import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  GetFunctionConfigurationCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  type LambdaClient,
} from '@aws-sdk/client-lambda';
import { fields, parsed, text, type Fields } from '../../../handlers/shared/fields';
import type { LocalPaths } from '../../machine/paths';

/** A function as Terraform's state has it. */
export interface DeployedFunction {
  readonly functionName: string;
  /** Whose package it runs: a folder in handlers/. */
  readonly handler: string;
  /** The package's SHA-256, hex. */
  readonly hash: string;
  /** The alias that it is invoked by, if there is one. */
  readonly alias: string | undefined;
  readonly timeoutSeconds: number;
  /** Its environment variables. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The functions that Terraform has deployed, from its state. */
export const readFunctions = async (paths: LocalPaths): Promise<DeployedFunction[]> =>
  functionsIn(await readFile(paths.state, 'utf8'));

/** The functions in the text of a state file (format version 4), without those of a container image. */
export function functionsIn(state: string): DeployedFunction[] {
  const aliases = new Map(
    instancesOf(state, 'aws_lambda_alias').map((alias) => [text(alias.function_name), text(alias.name)]),
  );
  const packaged = instancesOf(state, 'aws_lambda_function').filter(({ filename }) => text(filename) !== '');
  return packaged.map((attributes) => {
    const functionName = text(attributes.function_name);
    return {
      functionName,
      handler: path.basename(text(attributes.filename), '.zip'),
      hash: Buffer.from(text(attributes.source_code_hash), 'base64').toString('hex'),
      alias: aliases.get(functionName),
      timeoutSeconds: Number(attributes.timeout),
      variables: fields(fields(listOf(attributes.environment)[0]).variables),
    };
  });
}

function instancesOf(state: string, type: string): Fields[] {
  return listOf(fields(parsed(state)).resources)
    .map(fields)
    .filter((resource) => resource.type === type && resource.mode !== 'data')
    .flatMap(({ instances }) => listOf(instances))
    .map((instance) => fields(fields(instance).attributes));
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

/** Puts a package on a function of the engine; behind an alias as a version of its own, as a release does. */
export async function putCode(
  lambda: LambdaClient,
  { functionName, alias }: DeployedFunction,
  zip: Uint8Array,
): Promise<void> {
  const input = { FunctionName: functionName, ZipFile: zip, Publish: alias !== undefined };
  const { Version } = await lambda.send(new UpdateFunctionCodeCommand(input));
  if (alias === undefined) return;
  await lambda.send(
    new UpdateAliasCommand({ FunctionName: functionName, Name: alias, FunctionVersion: Version }),
  );
}

/** The package that a function runs, hex: not what someone meant it to run. */
export async function codeOf(lambda: LambdaClient, functionName: string): Promise<string> {
  const { CodeSha256 = '' } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: functionName }),
  );
  return Buffer.from(CodeSha256, 'base64').toString('hex');
}
