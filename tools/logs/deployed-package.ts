import { createHash } from 'node:crypto';
import {
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  type LambdaClient,
} from '@aws-sdk/client-lambda';
import { unzipSync } from 'fflate';

/** Finds the package that a function runs: the SHA-256 (hex) of the zip that the build makes of its files. */
export type PackageOf = (
  functionName: string,
  version: string | undefined,
  isKnown: (hash: string) => boolean,
) => Promise<string | undefined>;

/**
 * Asks Lambda which package a function runs. With packaging `archive` Terraform has zipped the files, into other bytes
 * than the build: then its files are fetched, and packed as the build packs them.
 * https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
 * @returns undefined also where Lambda does not tell: a trace without its lines is better than none
 */
export const deployedPackage =
  (client: LambdaClient): PackageOf =>
  async (functionName, version, isKnown) => {
    const input = { FunctionName: functionName, ...(version !== undefined && { Qualifier: version }) };
    try {
      const { CodeSha256 = '' } = await client.send(new GetFunctionConfigurationCommand(input));
      const hash = Buffer.from(CodeSha256, 'base64').toString('hex');
      if (isKnown(hash)) return hash;
      const { Code } = await client.send(new GetFunctionCommand(input));
      return Code?.Location === undefined ? undefined : await repacked(Code.Location);
    } catch {
      return undefined;
    }
  };

async function repacked(url: string): Promise<string> {
  const { zipFile } = await import('../build/zip.mjs');
  const response = await fetch(url);
  const files = unzipSync(new Uint8Array(await response.arrayBuffer()));
  return createHash('sha256').update(zipFile(files)).digest('hex');
}
