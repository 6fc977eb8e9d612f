import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { endEngine, startEngine } from '../../tools/local/engine';
import { commandEnvironment } from '../../tools/local/environment';
import type { Environment } from '../../tools/lib/environment';
import { localPaths, type LocalPaths } from '../../tools/machine/paths';
import { readRecord, writeRecord, type EngineRecord } from '../../tools/local/record';
import { s3At } from '../../tools/local/sample';
import { start, type Started } from '../../tools/local/start';
import { stop } from '../../tools/local/stop';
import { pidOf } from '../support/pid-of';
import { reservePort, type ReservedPort } from '../support/reserved-port';
import { copyProject, type ProjectCopy } from './project-copy';
import { until } from './until';

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

  private last: Started | undefined;
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
  async startEngine(): Promise<void> {
    const { paths, env } = this;
    const onSpawn = (record: EngineRecord): Promise<void> => writeRecord(paths, record);
    this.engines.push(await startEngine({ paths, env, onSpawn }));
  }

  /** The AWS CLI on the engine, whether or not anything is deployed to it yet; what it prints. */
  async aws(...args: string[]): Promise<string> {
    const { paths, env } = this;
    const endpoint = (await readRecord(paths))?.endpoint ?? '';
    const options = { env: { ...commandEnvironment(env, { paths, endpoint }) } };
    return (await promisify(execFile)('aws', args, options)).stdout.trim();
  }

  /** `npm start`, in this process. */
  async start(variables: Environment = {}): Promise<void> {
    this.printed = '';
    const output = { write: (text: string) => (this.printed += text) };
    this.last = await start({ root: this.root, env: { ...this.env, ...variables }, output });
    this.engines.push((await readRecord(this.paths)) ?? {});
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
    const request = new ListObjectsV2Command({ Bucket: this.bucket, Prefix: prefix, EncodingType: 'url' });
    const { Contents = [], IsTruncated } = await this.s3.send(request);
    if (IsTruncated) throw new Error(`There are more keys under ${prefix} than one page lists.`);
    return Contents.map(({ Key = '' }) => decodeURIComponent(Key.replaceAll('+', ' '))).sort();
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

  /**
   * Takes the next record out of the failure queue.
   * @param waitSeconds how long to wait for one. 0–20
   * @returns null where there is none
   */
  async nextFailure(waitSeconds = 20): Promise<unknown> {
    const { endpoint, outputs } = this.started;
    const sqs = new SQSClient({
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
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

  private get s3() {
    return s3At(this.started.endpoint);
  }
}
