import { execFile, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { endEngine, startEngine } from '../../tools/local/engine';
import { commandEnvironment } from '../../tools/local/environment';
import type { Environment } from '../../tools/lib/environment';
import { localPaths, type LocalPaths } from '../../tools/machine/paths';
import { readRecord, writeRecord, type EngineRecord } from '../../tools/local/record';
import { localEnvironment } from '../../tools/local/run';
import { engineClientConfig } from '../../tools/local/client';
import { s3At } from '../../tools/local/sample';
import { start, type StartProps, type Started } from '../../tools/local/start';
import { stop } from '../../tools/local/stop';
import { pidOf } from '../support/pid-of';
import { reservePort, type ReservedPort } from '../support/reserved-port';
import { operatorEnvironment } from './iam/operators';
import { copyProject, type ProjectCopy } from './project-copy';
import { until } from './until';

/** A running `npm start`, and its exit code. */
export interface StartedProcess {
  readonly child: ChildProcessWithoutNullStreams;
  readonly printed: () => string;
  readonly ended: Promise<number | null>;
}

/** How a tool ended, and what it printed. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Reads what a process prints until it ends. */
export async function endOf(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}

/** How many uploads are moved at the same time. */
const AT_ONCE = 20;

/** SQS waits no longer for a message. */
const LONGEST_POLL_SECONDS = 20;

/** A copy of the project with an engine of its own, and what a test does with the two. */
export class LocalPipeline {
  private constructor(
    readonly root: string,
    readonly env: Environment,
    private readonly copy: ProjectCopy,
    private readonly port: ReservedPort,
  ) {}

  /** What the last start printed. */
  printed = '';

  /** The tools that were started, with their arguments. */
  readonly ran = new Set<string>();

  private last: Started | undefined;
  private operator: Promise<Environment> | undefined;
  private engine: EngineRecord | undefined;
  private readonly engines: Pick<EngineRecord, 'pid'>[] = [];

  /** In a copy that has the local engine installed already. */
  static inCopy(): Promise<LocalPipeline> {
    return LocalPipeline.in(copyProject({ withEngine: true }));
  }

  /** In a copy like a fresh clone: the first start installs the engine. */
  static inFreshCopy(): Promise<LocalPipeline> {
    return LocalPipeline.in(copyProject());
  }

  private static async in(copy: ProjectCopy): Promise<LocalPipeline> {
    const withoutEngine = Object.entries(process.env).filter(
      ([name]) => !name.startsWith('AWS_ENDPOINT_URL'),
    );
    const port = await reservePort();
    const env = { ...Object.fromEntries(withoutEngine), PIPELINE_LOCAL_PORT: String(port.port) };
    return new LocalPipeline(copy.root, env, copy, port);
  }

  get paths(): LocalPaths {
    return localPaths(this.root);
  }

  /** What is deployed, since the last start. */
  get started(): Started {
    if (!this.last) throw new Error('The pipeline was not started.');
    return this.last;
  }

  /** Starts the engine alone, for what has to be on it before the first deployment; `start` then uses it. */
  async startEngine(): Promise<EngineRecord> {
    const { paths, env } = this;
    const onSpawn = (record: EngineRecord): Promise<void> => writeRecord(paths, record);
    const record = await startEngine({ paths, env, onSpawn });
    this.engines.push(record);
    this.engine = record;
    return record;
  }

  /** The AWS CLI on the engine, whether or not anything is deployed to it yet; what it prints. */
  async aws(...args: string[]): Promise<string> {
    const { paths, env } = this;
    const { endpoint, certificate } = (await readRecord(paths)) ?? { endpoint: '' };
    const options = { env: { ...commandEnvironment(env, { paths, endpoint, certificate }) } };
    return (await promisify(execFile)('aws', args, options)).stdout.trim();
  }

  /**
   * `npm start`, in this process. The types are not checked, unless a test is about that: the compiler takes longer than
   * Terraform.
   */
  async start(
    variables: Environment = {},
    props: Pick<StartProps, 'checkTypes' | 'full' | 'signal'> = {},
  ): Promise<void> {
    this.printed = '';
    const output = { write: (text: string) => (this.printed += text) };
    const checkTypes = () => () => Promise.resolve();
    this.last = await start({
      ...{ root: this.root, env: { ...this.env, ...variables }, output, checkTypes },
      ...props,
    });
    this.engines.push((await readRecord(this.paths)) ?? {});
  }

  /** `npm start` as a process of its own, which signals can reach. */
  startProcess(): StartedProcess {
    const args = ['--import', 'tsx', 'tools/local/local.ts', 'start'];
    const child = spawn(process.execPath, args, { cwd: this.root, env: { ...this.env } });
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data: Buffer) => (printed += data.toString()));
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    return { child, printed: () => printed, ended };
  }

  /** The process of the engine, as it is recorded. */
  async enginePid(): Promise<number> {
    return pidOf((await readRecord(this.paths)) ?? {});
  }

  /** `npm stop`, in this process. */
  async stop(): Promise<void> {
    this.printed = '';
    await stop({ root: this.root, output: { write: (text: string) => (this.printed += text) } });
  }

  /** Leaves nothing behind, whatever a test did. */
  async end(): Promise<void> {
    await this.stop();
    for (const engine of this.engines) await endEngine(this.paths, engine);
    await this.port.release();
    this.copy.remove();
  }

  /** `npm run local -- COMMAND…`, as a process of its own. */
  run(...command: string[]): Promise<{ stdout: string; stderr: string }> {
    const tsx = path.join(this.root, 'node_modules', '.bin', 'tsx');
    return promisify(execFile)(tsx, ['tools/local/local.ts', 'run', ...command], {
      cwd: this.root,
      env: { ...this.env },
      maxBuffer: 16 * 1024 * 1024, // a plan as JSON
    });
  }

  /**
   * `npm run local -- npm run TOOL -- ARGS…`, without npm, to its end.
   * @param name of a file in tools/operate/, or with its folder
   */
  async tool(name: string, ...args: string[]): Promise<Ended> {
    return endOf(await this.startTool(name, ...args));
  }

  /** A tool that goes on until Ctrl-C, which it gets after the first that it prints. */
  async toolUntilLine(name: string, ...args: string[]): Promise<Ended> {
    const child = await this.startTool(name, ...args);
    child.stdout.once('data', () => child.kill('SIGINT'));
    return endOf(child);
  }

  /**
   * A tool as one process, so that a signal reaches it and not a process around it. It runs as a person who may do what
   * docs/operations.md lists, and nothing more.
   */
  async startTool(name: string, ...args: string[]): Promise<ChildProcessWithoutNullStreams> {
    this.ran.add([name, ...args].join(' '));
    this.operator ??= operatorEnvironment(this.started);
    const env = { ...(await localEnvironment(this.paths, this.env)), ...(await this.operator) };
    const tool = path.join('tools', 'operate', `${name}.ts`);
    return spawn(process.execPath, ['--import', 'tsx', tool, ...args], { cwd: this.root, env });
  }

  /**
   * `npm run dev`, as a process of its own, while `work` is done; then it is told to quit.
   * @param work gets what it has printed so far
   */
  async dev(options: readonly string[], work: (printed: () => string) => Promise<void>): Promise<void> {
    let printed = '';
    const child = spawn(process.execPath, ['tools/build/run.mjs', 'tools/local/dev.ts', ...options], {
      cwd: this.root,
      env: { ...this.env },
    });
    const ended = once(child, 'close');
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
    try {
      await until(
        'npm run dev watches',
        () => Promise.resolve(printed.includes('Watching.') || child.exitCode !== null),
        () => printed,
      );
      await work(() => printed);
    } finally {
      if (child.exitCode === null) child.stdin.write('quit\n');
      await ended;
    }
    if (child.exitCode !== 0) throw new Error(`npm run dev ended ${child.exitCode}:\n${printed}`);
  }

  /** A port for debuggers, as far below the engine's as all tests' ports reach; the few after it belong to it. */
  get debugPort(): number {
    return this.port.port - 10_000;
  }

  async upload(key: string, content: string): Promise<void> {
    await this.s3.send(
      new PutObjectCommand({
        Bucket: this.bucket,
        Key: key,
        Body: content,
        ContentLength: Buffer.byteLength(content), // the SDK warns of an empty body otherwise
      }),
    );
  }

  /**
   * Uploads each key with itself as the content, and waits until all have moved. A few at a time: the engine starts a
   * process for each that runs at once, and drops an event that it throttled three times, where Lambda keeps it for hours.
   */
  async uploadAndMove(keys: readonly string[], atOnce = AT_ONCE): Promise<void> {
    for (let first = 0; first < keys.length; first += atOnce) {
      await Promise.all(keys.slice(first, first + atOnce).map((key) => this.upload(key, key)));
      await this.untilMoved();
    }
  }

  async delete(key: string): Promise<void> {
    await this.s3.send(new DeleteObjectCommand({ Bucket: this.bucket, Key: key }));
  }

  async contentOf(key: string): Promise<string> {
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
    return Body?.transformToString() ?? '';
  }

  /** Every key under a prefix, sorted. */
  async keysUnder(prefix: string): Promise<string[]> {
    // Encoded, because XML cannot hold every key.
    const request = { Bucket: this.bucket, Prefix: prefix, EncodingType: 'url' as const };
    const keys: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client: this.s3 }, request))
      keys.push(...Contents.map(({ Key = '' }) => decodeURIComponent(Key.replaceAll('+', ' '))));
    return keys.sort();
  }

  /** Waits until nothing is left to move. */
  async untilMoved(): Promise<void> {
    let waiting: readonly string[] = [];
    await until(
      'every upload has moved',
      async () => (waiting = await this.keysUnder('uploads/')).length === 0,
      () => `there still are ${waiting.join(', ')}`,
    );
  }

  /** Takes the next record out of the failure queue, as soon as there is one. */
  async nextFailure(): Promise<unknown> {
    return until('the failure queue holds something', () => this.failureWithin(LONGEST_POLL_SECONDS));
  }

  /**
   * Takes the next record out of the failure queue.
   * @param waitSeconds how long to wait for one. 0–20
   * @returns null where there is none
   */
  async failureWithin(waitSeconds: number): Promise<unknown> {
    const { outputs } = this.started;
    const sqs = new SQSClient(this.clientConfig);
    const request = new ReceiveMessageCommand({
      QueueUrl: outputs.failure_queue_url,
      WaitTimeSeconds: waitSeconds,
    });
    const { Messages: [message] = [] } = await sqs.send(request);
    if (message) {
      // Deleted: on a slow machine it would be visible again, and taken for the next test's.
      const { ReceiptHandle } = message;
      await sqs.send(new DeleteMessageCommand({ QueueUrl: outputs.failure_queue_url, ReceiptHandle }));
    }
    return JSON.parse(message?.Body ?? 'null');
  }

  private get bucket(): string {
    return this.started.outputs.upload_bucket;
  }

  /** Options of an SDK client of the engine, as its administrator. */
  get clientConfig() {
    return engineClientConfig(this.last ?? this.engine ?? this.started);
  }

  private get s3() {
    return s3At(this.started);
  }
}
