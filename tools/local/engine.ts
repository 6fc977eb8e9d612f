import { spawn } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ToolError } from '../lib/errors';
import { indent } from '../lib/terminal';
import { makeCertificate } from './certificate';
import type { Engine } from './client';
import { engineEnvironment, isEnforced } from './environment';
import type { Environment } from '../lib/environment';
import type { LocalPaths } from '../machine/paths';
import { commandLine, lastLines, signalProcess } from '../lib/processes';
import { enginePort } from './port';
import type { EngineRecord } from './record';
import { venvPython } from './venv';

/** Half a second is usual; a busy machine may take longer. */
const START_TIMEOUT_MS = 60_000;
/** How long an engine whose process lives may not answer before it counts as gone. */
const SILENCE_MS = 30_000;
/** Starts the engine with what is corrected in it. */
const STARTER = path.join('tools', 'local', 'engine.py');
const STOP_TIMEOUT_MS = 5_000;
const POLL_MS = 50;
const ANSWER_TIMEOUT_MS = 2_000;

/**
 * Whether the process that a record names is still this project's engine. After a reboot the same id may
 * belong to anything: the command line tells.
 */
export async function isOurs(paths: LocalPaths, pid: number): Promise<boolean> {
  return (await commandLine(pid))?.includes(enginePath(paths)) ?? false;
}

/**
 * Whether a recorded engine of this project runs and answers. It holds the person's uploads, so that one that is only
 * busy must not count as gone: as long as its process lives, it is asked for half a minute.
 */
export async function isRunning(paths: LocalPaths, record: EngineRecord): Promise<boolean> {
  const { pid } = record;
  const deadline = Date.now() + SILENCE_MS;
  while (pid !== undefined && (await isOurs(paths, pid))) {
    if (await isHealthy(record)) return true;
    if (Date.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return false;
}

/** Whether a server answers there, with any status; over TLS, with a certificate that is trusted. */
export const isReachable = async (engine: Engine): Promise<boolean> => (await statusOf(engine)) !== undefined;

export interface StartEngineProps {
  readonly paths: LocalPaths;
  readonly env: Environment;
  readonly signal?: AbortSignal | undefined;
  /** Called as soon as a process exists that must be ended. */
  readonly onSpawn: (record: EngineRecord) => Promise<void>;
}

/**
 * Starts the engine on loopback; it outlives this process.
 * @throws {ToolError} if the engine ends or does not answer in time
 */
export async function startEngine({ paths, env, signal, onSpawn }: StartEngineProps): Promise<EngineRecord> {
  const port = enginePort(env);
  const enforced = isEnforced(env);
  if (enforced) await makeCertificate(paths);
  const { tlsCertificate: certificate, tlsKey: key } = paths;
  signal?.throwIfAborted();
  const log = openSync(paths.engineLog, 'w');
  const child = spawn(venvPython(paths), ['-I', path.join(paths.root, STARTER), enginePath(paths)], {
    cwd: paths.folder,
    env: { ...engineEnvironment(env, { port, tls: enforced ? { certificate, key } : undefined }) },
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  const { pid } = child;
  let gone = pid === undefined;
  child.once('error', () => (gone = true));
  child.once('exit', () => (gone = true));
  child.unref();

  const record: EngineRecord = {
    endpoint: `${enforced ? 'https' : 'http'}://127.0.0.1:${port}`,
    ...(enforced && { certificate }),
    pid,
    startedAt: new Date().toISOString(),
  };
  if (pid !== undefined) await onSpawn(record);
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!gone && Date.now() < deadline) {
    signal?.throwIfAborted();
    if (await isHealthy(record)) return record;
    await sleep(POLL_MS);
  }
  const what = gone ? 'ended while it started' : `did not answer within ${START_TIMEOUT_MS / 1000} s`;
  throw new ToolError(
    `The local engine ${what}. The end of its log:\n\n${indent(await engineLogEnd(paths))}`,
  );
}

/**
 * Ends a recorded engine by its process id, if the process still is this project's engine.
 * @returns whether there was one to end
 */
export async function endEngine(paths: LocalPaths, { pid }: Pick<EngineRecord, 'pid'>): Promise<boolean> {
  if (pid === undefined || !(await isOurs(paths, pid))) return false;
  signalProcess(pid, 'SIGTERM');
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while (await isOurs(paths, pid)) {
    if (Date.now() > deadline) signalProcess(pid, 'SIGKILL');
    await sleep(POLL_MS);
  }
  return true;
}

/** The last log lines of the engine and its handlers. */
export const engineLogEnd = (paths: LocalPaths): Promise<string> => lastLines(paths.engineLog, 8);

/** How long the engine's log is, in bytes; 0 where there is none. */
export const engineLogSize = (paths: LocalPaths): Promise<number> =>
  stat(paths.engineLog).then(
    ({ size }) => size,
    () => 0,
  );

/** What the engine and its handlers have logged since its log was so long. */
export const engineLogSince = async (paths: LocalPaths, size: number): Promise<string> =>
  (await readFile(paths.engineLog).catch(() => Buffer.alloc(0))).subarray(size).toString();

/** The engine's program; its command line is recognized by it. */
export const enginePath = (paths: LocalPaths): string => path.join(paths.venv, 'bin', 'ministack');

async function isHealthy(engine: Engine): Promise<boolean> {
  const status = await statusOf(engine, '/_ministack/health');
  return status !== undefined && status < 300;
}

/**
 * The status of the answer to a GET; undefined where none comes in time. Not by `fetch`, which cannot be told one
 * certificate to trust.
 */
async function statusOf({ endpoint, certificate }: Engine, at = '/'): Promise<number | undefined> {
  const url = new URL(at, endpoint);
  const ca = certificate === undefined ? undefined : await readFile(certificate).catch(() => undefined);
  return new Promise((resolve) => {
    const nothing = (): void => {
      resolve(undefined);
    };
    const options = { ca, agent: false, timeout: ANSWER_TIMEOUT_MS };
    const request = (url.protocol === 'https:' ? https : http).get(url, options, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.once('error', nothing).once('timeout', () => request.destroy(new Error('no answer')));
  });
}
