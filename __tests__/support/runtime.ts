import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/** How an invocation ended. `killed`: the process did, and with it whatever it was doing. */
export type Ending =
  | { readonly kind: 'returned' }
  | { readonly kind: 'threw'; readonly errorType: string; readonly errorMessage: string }
  | { readonly kind: 'killed' };

interface Answer {
  readonly id: number;
  readonly errorType?: string;
  readonly errorMessage?: string;
}

/** The bundle in a process of its own, as Lambda runs it; begun anew for the next event when it was killed. */
export class Runtime {
  #child: ChildProcess | undefined;
  readonly #running = new Map<number, (ending: Ending) => void>();
  #invocations = 0;
  /** What the handler has written. */
  output = '';

  constructor(
    private readonly bundle: string,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  async invoke(event: unknown): Promise<Ending> {
    const child = this.#child ?? this.#start();
    const id = (this.#invocations += 1);
    const ended = new Promise<Ending>((resolve) => this.#running.set(id, resolve));
    child.send({ id, event });
    return ended;
  }

  kill(): void {
    this.#child?.kill('SIGKILL');
  }

  /** Ends the process, by its id, and waits until it is gone and its output read. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    const gone = once(child, 'close');
    child.kill('SIGKILL');
    await gone;
  }

  #start(): ChildProcess {
    const child = fork(path.join(__dirname, '../blackbox/runtime.mjs'), [this.bundle], {
      env: this.env,
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (data: Buffer) => (this.output += data.toString()));
    }
    child.on('message', ({ id, errorType, errorMessage = '' }: Answer) => {
      this.#end(
        id,
        errorType === undefined ? { kind: 'returned' } : { kind: 'threw', errorType, errorMessage },
      );
    });
    child.on('error', () => undefined);
    child.on('close', () => {
      if (this.#child === child) this.#child = undefined;
      for (const id of this.#running.keys()) this.#end(id, { kind: 'killed' });
    });
    return child;
  }

  #end(id: number, ending: Ending): void {
    this.#running.get(id)?.(ending);
    this.#running.delete(id);
  }
}
