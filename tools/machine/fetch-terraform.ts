import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { unzipSync } from 'fflate';
import type { Environment } from '../lib/environment';
import { codeOf, messageOf, ToolError } from '../lib/errors';
import type { Note, Progress } from '../lib/progress';
import { fetchedTerraform, TERRAFORM_VERSION } from '../lib/terraform';
import { request } from './http';

const RELEASES = 'https://releases.hashicorp.com';
const SILENCE_MS = 20_000;
const MEGABYTE = 1_000_000;

/** SHA-256 of the zip of TERRAFORM_VERSION, by platform: https://releases.hashicorp.com/terraform */
const CHECKSUMS: Readonly<Record<string, string>> = {
  linux_amd64: '1ce994251c00281d6845f0f268637ba50c0005657eb3cf096b92f753b42ef4dc',
  linux_arm64: 'a43d1d0da9b9bab214a8305a39db0e40869572594ccf50c416a7756499143633',
  darwin_amd64: 'a56d5002b9f7647291faccc3dd1a70350e60fb61e4c45037629508b8fdc2575b',
  darwin_arm64: '867e0808fa971217043e25b7a792b10720c79b1546f8a68479b74f138be73e18',
};

/** This machine, as HashiCorp names it. */
const PLATFORM = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;

export interface FetchProps {
  /** The project's folder. */
  readonly root: string;
  /** `PIPELINE_FETCH_TERRAFORM` may name another server with the same files; proxies hold. */
  readonly env: Environment;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: Pick<Progress, 'say'>;
  readonly note?: Note;
  /** @default the pinned one for this machine */
  readonly checksum?: string | undefined;
}

/** Whether Terraform may be fetched: `PIPELINE_FETCH_TERRAFORM=off` forbids it, and some platforms have no zip. */
export const isFetchable = ({ PIPELINE_FETCH_TERRAFORM: wish }: Environment): boolean =>
  wish !== 'off' && PLATFORM in CHECKSUMS;

/**
 * Fetches Terraform into `.local/`. Only a file with the pinned checksum is kept, and it is moved into place
 * atomically: two concurrent fetches do no harm, and an interrupted one starts over.
 * @returns the path of the program
 */
export async function fetchTerraform(props: FetchProps): Promise<string> {
  const { root, env, progress, checksum = CHECKSUMS[PLATFORM] } = props;
  const url = zipAt(env);
  const file = fetchedTerraform(root);
  progress?.say(
    `This machine has no Terraform: fetching ${TERRAFORM_VERSION} from ${url.origin}, once (27 MB).`,
  );
  const zip = await download(url, props);
  const got = createHash('sha256').update(zip).digest('hex');
  if (got !== checksum) {
    throw new ToolError(
      `${url.href} differs from the file that tools/machine/fetch-terraform.ts pins, and was discarded: ` +
        `SHA-256 ${got} (${zip.byteLength} bytes); expected ${checksum ?? 'none'}.`,
    );
  }
  const program = unzipSync(zip, { filter: ({ name }) => name === 'terraform' }).terraform;
  if (!program) throw new ToolError(`${url.href} holds no file terraform.`);
  await mkdir(path.dirname(file), { recursive: true });
  const part = `${file}.${randomUUID()}.part`;
  try {
    await writeFile(part, program, { mode: 0o755 });
    await rename(part, file);
  } finally {
    await rm(part, { force: true });
  }
  return file;
}

function zipAt({ PIPELINE_FETCH_TERRAFORM: wish = '' }: Environment): URL {
  const server = wish === '' ? RELEASES : wish;
  const zip = `terraform/${TERRAFORM_VERSION}/terraform_${TERRAFORM_VERSION}_${PLATFORM}.zip`;
  const url = `${server.replace(/\/$/u, '')}/${zip}`;
  if (URL.canParse(url) && /^https?:$/u.test(new URL(url).protocol)) return new URL(url);
  throw new ToolError(
    `PIPELINE_FETCH_TERRAFORM: got ${JSON.stringify(server)}; expected off, or the URL of a server with the files of ${RELEASES}.`,
  );
}

async function download(url: URL, { env, signal, note }: FetchProps): Promise<Uint8Array> {
  try {
    const answer = await request(url, { env, silenceMs: SILENCE_MS, signal });
    if (answer.statusCode !== 200) {
      answer.destroy();
      throw new Error(`it answers ${answer.statusCode ?? 'nothing'}`);
    }
    const total = Number(answer.headers['content-length'] ?? 0);
    const parts: Buffer[] = [];
    let size = 0;
    for await (const part of answer as AsyncIterable<Buffer>) {
      parts.push(part);
      size += part.byteLength;
      note?.(`${Math.floor(size / MEGABYTE)} of ${Math.ceil(total / MEGABYTE)} MB`);
    }
    return Buffer.concat(parts);
  } catch (error) {
    signal?.throwIfAborted();
    throw new ToolError(`${url.href} could not be fetched: ${reasonOf(error)}.`, { cause: error });
  }
}

/** A refused connection to a name with two addresses gives an AggregateError without a message. */
const reasonOf = (error: unknown): string => messageOf(error) || (codeOf(error) ?? 'unknown error');
