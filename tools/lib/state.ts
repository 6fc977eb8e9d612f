import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Settings } from '../../config/settings';
import { codeOf, ToolError } from './errors';

/** The outputs of a deployed stack, by name. */
export type Outputs = Readonly<Record<string, string | undefined>>;

export interface StateProps {
  /** The project's folder. */
  readonly root: string;
  readonly state: Settings['state'];
}

/**
 * The outputs in the state that an environment's settings name, so that what was synthesized or initialized last does
 * not matter. docs/adr/0015-which-environment.md
 * @returns undefined where there is no state: nothing was deployed
 */
export async function readStateOutputs({ root, state }: StateProps): Promise<Outputs | undefined> {
  const [place, text] =
    state.type === 's3'
      ? [`s3://${state.bucket}/${state.key}`, await readObject(state)]
      : [state.path, await readLocal(path.resolve(root, state.path))];
  return text === undefined ? undefined : parseOutputs(text, place);
}

/**
 * The outputs of a state in Terraform's format version 4.
 * @param place of the state, for the error
 */
export function parseOutputs(text: string, place: string): Outputs {
  let state: { readonly version?: unknown; readonly outputs?: Readonly<Record<string, { value?: unknown }>> };
  try {
    state = JSON.parse(text) as typeof state;
  } catch {
    state = {};
  }
  if (state.version !== 4) {
    throw new ToolError(
      `${place}: expected a Terraform state of format version 4 that is not encrypted. ` +
        '`terraform output` reads others: set UPLOAD_BUCKET, UPLOAD_PREFIX, PROCESSED_PREFIX, FAILURE_QUEUE_URL and PROCESS_UPLOAD_FUNCTION to what it says.',
    );
  }
  return Object.fromEntries(
    Object.entries(state.outputs ?? {}).map(([name, { value }]) => [
      name,
      typeof value === 'string' ? value : undefined,
    ]),
  );
}

async function readLocal(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function readObject({ bucket, key, region }: { bucket: string; key: string; region: string }) {
  const { GetObjectCommand, NoSuchKey, S3Client } = await import('@aws-sdk/client-s3');
  try {
    const { Body } = await new S3Client({ region }).send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return await Body?.transformToString();
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}
