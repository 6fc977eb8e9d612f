import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Environment } from '../lib/environment';
import type { LocalPaths } from '../machine/paths';

/** The state that the launcher keeps between commands. */
export interface EngineRecord {
  /** The engine's URL, on this machine. */
  readonly endpoint: string;
  /** The engine's process; undefined for the user's own engine. */
  readonly pid?: number | undefined;
  /** The file with the certificate that its clients trust; undefined over http. */
  readonly certificate?: string | undefined;
  /** When it was started, or first used (ISO 8601). */
  readonly startedAt: string;
  /** Variables for Terraform to find its provider. */
  readonly terraform?: Environment | undefined;
}

/** The record; undefined if there is no readable one, so that no known engine runs. */
export async function readRecord(paths: LocalPaths): Promise<EngineRecord | undefined> {
  try {
    const record: unknown = JSON.parse(await readFile(paths.record, 'utf8'));
    return isRecord(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

export async function writeRecord(paths: LocalPaths, record: EngineRecord): Promise<void> {
  await mkdir(path.dirname(paths.record), { recursive: true });
  await writeFile(paths.record, `${JSON.stringify(record, undefined, 2)}\n`);
}

/** Forgets the engine, with its certificate and key. */
export async function forgetRecord(paths: LocalPaths): Promise<void> {
  await rm(paths.record, { force: true });
  await rm(paths.tls, { recursive: true, force: true });
}

const isRecord = (value: unknown): value is EngineRecord =>
  typeof value === 'object' &&
  value !== null &&
  'endpoint' in value &&
  typeof value.endpoint === 'string' &&
  (!('certificate' in value) || typeof value.certificate === 'string') &&
  (!('pid' in value) || (Number.isInteger(value.pid) && Number(value.pid) > 1));
