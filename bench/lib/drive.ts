import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import type { Readable } from 'node:stream';
import { ToolError } from '../../tools/lib/errors';
import type { Contender } from './contenders';
import type { Quota } from './quota';
import type { Endpoint } from './stub';

/** The environment of a function, without the user's own variables: the same for every contender. */
export function functionEnvironment({ url, certificate }: Endpoint): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    // A folder without AWS configuration, as in Lambda.
    HOME: '/nonexistent',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_SESSION_TOKEN: 'test',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: url,
    ...(certificate !== undefined && { NODE_EXTRA_CA_CERTS: certificate, AWS_CA_BUNDLE: certificate }),
    AWS_LAMBDA_FUNCTION_NAME: 'bench',
    UPLOAD_PREFIX: 'uploads/',
    PROCESSED_PREFIX: 'processed/',
    ON_EXISTING: 'replace',
    LOG_LEVEL: 'INFO',
    POWERTOOLS_SERVICE_NAME: 'bench',
  };
}

/** Milliseconds since the epoch, as the drivers tell them. */
const now = (): number => performance.timeOrigin + performance.now();

export interface ColdStart {
  readonly loadedMs: number;
  /** Undefined of a bare runtime. */
  readonly movedMs: number | undefined;
}

/** Starts a contender afresh, lets it move one object, and waits until it has ended. */
export async function coldStart(contender: Contender, endpoint: Endpoint): Promise<ColdStart> {
  const startedAt = now();
  const driver = new Driver(contender, contender.handler === undefined ? 'bare' : 'cold', endpoint);
  const { loadedAt = NaN } = await driver.answer();
  const movedAt = contender.handler === undefined ? undefined : (await driver.answer()).movedAt;
  await driver.ended();
  return { loadedMs: loadedAt - startedAt, movedMs: movedAt === undefined ? undefined : movedAt - startedAt };
}

export interface FirstInvocation {
  /** Process start to handler loaded, at full speed. */
  readonly loadedMs: number;
  readonly invocationMs: number;
}

/** Loads a contender at full speed, as Lambda's init does, and lets it move one object with a share of a CPU. */
export async function firstInvocation(
  contender: Contender,
  endpoint: Endpoint,
  quota: Quota,
): Promise<FirstInvocation> {
  const startedAt = now();
  const driver = new Driver(contender, 'first', endpoint);
  const { loadedAt = NaN } = await driver.answer();
  await quota.limit(driver.pid);
  const invokedAt = now();
  driver.say({});
  const { movedAt = NaN } = await driver.answer();
  await driver.ended();
  return { loadedMs: loadedAt - startedAt, invocationMs: movedAt - invokedAt };
}

export interface WarmRun {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly peakMb: number;
}

/** A running contender that takes work in turn with others. */
export class WarmContender {
  readonly #driver: Driver;

  private constructor(
    readonly name: string,
    driver: Driver,
  ) {
    this.#driver = driver;
  }

  static async start(contender: Contender, endpoint: Endpoint): Promise<WarmContender> {
    const driver = new Driver(contender, 'warm', endpoint);
    await driver.answer();
    return new WarmContender(contender.name, driver);
  }

  async run(events: number, records: number): Promise<WarmRun> {
    this.#driver.say({ events, records });
    const { wallMs = NaN, cpuMs = NaN, peakMb = NaN } = await this.#driver.answer();
    return { wallMs, cpuMs, peakMb };
  }

  async stop(): Promise<void> {
    await this.#driver.ended();
  }
}

type Answer = Partial<Record<'loadedAt' | 'movedAt' | keyof WarmRun, number>>;

/** A driver's process. Logs of the handler go to /dev/null; its standard error goes into the error message. */
class Driver {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #end: Promise<unknown>;
  #stderr = '';

  constructor(
    private readonly contender: Contender,
    mode: 'bare' | 'cold' | 'first' | 'warm',
    endpoint: Endpoint,
  ) {
    const { command, driver, handler } = contender;
    this.#child = spawn(command, [driver, mode, ...(handler === undefined ? [] : [handler])], {
      env: functionEnvironment(endpoint),
      stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    });
    this.#end = once(this.#child, 'close');
    this.#child.stderr?.on('data', (data: Buffer) => (this.#stderr += data.toString()));
    const lines: Interface = createInterface({ input: this.#child.stdio[3] as Readable });
    this.#lines = lines[Symbol.asyncIterator]();
  }

  get pid(): number {
    return this.#child.pid ?? NaN;
  }

  say(command: object): void {
    this.#child.stdin?.write(`${JSON.stringify(command)}\n`);
  }

  async answer(): Promise<Answer> {
    const line = await this.#lines.next();
    if (line.done !== true) return JSON.parse(line.value) as Answer;
    throw new ToolError(`${this.contender.name} ended before it had answered:\n${this.#stderr}`);
  }

  async ended(): Promise<void> {
    this.#child.stdin?.end();
    await this.#end;
  }
}
