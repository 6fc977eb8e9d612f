import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { messageOf, ToolError } from '../../lib/errors';
import { coloursFor, duration, indent, type Output } from '../../lib/terminal';
import { describeChanges, type Changes } from '../../lib/terraform-output';
import type { LocalPaths } from '../../machine/paths';
import { engineClientConfig, type Engine } from '../client';
import { Builders, buildErrors, type Built } from './builders';
import { codeOf, putCode, readFunctions, type DeployedFunction } from './functions';
import { inspect } from './inspector';
import type { Kind } from './watch';

export interface SessionProps {
  readonly paths: LocalPaths;
  readonly engine: Engine;
  readonly output: Output;
  /** Whether the handlers run under the inspector. */
  readonly inspected: boolean;
  /** The inspector's port of process-upload; the other functions have the next ones. */
  readonly inspectorPort: number;
  /** Where `inspected` builds go: the packages in dist/ stay those that are deployed. */
  readonly inspectedOutdir: string;
  /** Deploys everything by Terraform. */
  readonly deploy: () => Promise<Changes>;
  /** Checks the types of the deployed code: the compiler's messages; undefined where all fits. */
  readonly typeErrors: (signal?: AbortSignal) => Promise<string | undefined>;
  /** Called when a function runs other code. */
  readonly onCode?: () => void;
}

/** How long after an event's first attempt the engine may make its last one, with time to run. */
const RETRIES_MS = 10_000;

/** Keeps the functions of the engine at the sources: one change after another, in the order in which they come. */
export class Session {
  private readonly lambda: LambdaClient;
  private readonly builders: Builders;
  private functions: readonly DeployedFunction[] = [];
  /** What each function runs, by its name. */
  private readonly running = new Map<string, string>();
  private readonly restores = new Map<string, () => Promise<void>>();
  /** The package that was put on a function last, by its name. */
  private readonly puts = new Map<string, { readonly zip: Uint8Array; readonly at: number }>();
  /** Handlers whose last build failed. */
  private readonly broken = new Set<string>();
  private queue: Promise<unknown> = Promise.resolve();
  private checking = new AbortController();

  constructor(private readonly props: SessionProps) {
    const { engine, paths, inspected, inspectedOutdir } = props;
    this.lambda = new LambdaClient({ ...engineClientConfig(engine), maxAttempts: 1 });
    this.builders = new Builders(paths.root, inspected, ...(inspected ? [inspectedOutdir] : []));
  }

  /** Looks at what is deployed, and builds once: the next builds take only what has changed. */
  begin(): Promise<void> {
    return this.enqueue(async () => {
      await this.look();
      await this.update(await this.builders.takers([]), !this.props.inspected);
      if (this.props.inspected) await this.inspectAll();
    });
  }

  /** Follows a change of sources. */
  change(kind: Kind, files: readonly string[]): Promise<void> {
    if (kind === 'handlers') void this.check();
    return this.enqueue(async () => {
      if (kind === 'stack') await this.deployStack(files);
      else await this.update(await this.builders.takers(files), false, files);
    });
  }

  /**
   * A function has failed. Where its code is new, the failure may be a retry of an event that began before: the engine
   * runs it with the code of then, and every later event on that process too. So the new code is put there again.
   */
  failed(functionName: string): void {
    const put = this.puts.get(functionName);
    if (put === undefined || performance.now() - put.at > RETRIES_MS) return;
    void this.enqueue(async () => {
      const one = this.functions.find((known) => known.functionName === functionName);
      // Another code may have come meanwhile.
      if (one && this.puts.get(functionName) === put)
        await putCode(this.lambda, one, put.zip).catch(() => undefined);
    });
  }

  /** The functions whose code Terraform's state does not name. */
  async unsaved(): Promise<readonly DeployedFunction[]> {
    this.functions = await readFunctions(this.props.paths);
    const all = await Promise.all(
      this.functions.map(async (one) => ({ one, code: await codeOf(this.lambda, one.functionName) })),
    );
    return all.filter(({ one, code }) => one.alias === undefined && code !== one.hash).map(({ one }) => one);
  }

  /** Ends the inspection, and makes Terraform's view true again: what runs is what it has deployed. */
  end(): Promise<void> {
    this.checking.abort();
    return this.enqueue(async () => {
      await this.builders.dispose();
      for (const restore of this.restores.values()) await restore();
      this.restores.clear();
      const unsaved = await this.unsaved();
      const behindAlias = this.functions.filter(
        ({ functionName, alias, hash }) => alias !== undefined && this.running.get(functionName) !== hash,
      );
      const names = [...unsaved, ...behindAlias].map(({ handler }) => handler);
      if (names.length === 0) return;
      this.say(`Deploying ${names.join(', ')} with Terraform, so that it knows the code that runs …`);
      try {
        this.say(`Deployed with Terraform: ${describeChanges(await this.deploy())}.`);
      } catch (error) {
        this.say(
          this.colours.bad(`Terraform does not know the code that runs: ${names.join(', ')}.`) +
            ` The next \`npm start\` deploys it.\n${indent(messageOf(error))}`,
        );
      }
    });
  }

  private get colours() {
    return coloursFor(this.props.output);
  }

  private say(text: string): void {
    const time = new Date().toISOString().slice(11, 23);
    this.props.output.write(`${this.colours.quiet(time)}  ${text}\n`);
  }

  private enqueue<T>(work: () => Promise<T>): Promise<T> {
    const done = this.queue.then(work);
    this.queue = done.catch(() => undefined);
    return done;
  }

  private async look(): Promise<void> {
    this.functions = await readFunctions(this.props.paths);
    for (const { functionName, hash } of this.functions) this.running.set(functionName, hash);
  }

  /** Builds handlers, and puts those that changed on their functions. */
  private async update(
    handlers: readonly string[],
    quiet: boolean,
    files: readonly string[] = [],
  ): Promise<void> {
    const { colours } = this;
    for (const handler of handlers) {
      let built: Built;
      try {
        built = await this.builders.build(handler);
      } catch (error) {
        this.say(`${colours.bad('✗')} ${handler} cannot be built; the code before goes on running.`);
        this.props.output.write(`${indent(buildErrors(error).join('\n'), '    ')}\n`);
        this.broken.add(handler);
        continue;
      }
      if (this.broken.delete(handler)) this.say(`${colours.good('✓')} ${handler} can be built again.`);
      for (const one of this.functions.filter((known) => known.handler === handler)) {
        if (this.running.get(one.functionName) === built.hash) continue;
        await this.put(one, built, files);
        quiet = false;
      }
    }
    if (!quiet && handlers.length === 0 && files.length > 0)
      this.say(`${files.join(', ')}: no function takes it.`);
  }

  private async put(one: DeployedFunction, built: Built, files: readonly string[]): Promise<void> {
    const { colours } = this;
    const started = performance.now();
    try {
      await putCode(this.lambda, one, built.zip);
    } catch (error) {
      this.say(`${colours.bad('✗')} ${one.functionName} did not take its code: ${messageOf(error)}`);
      return;
    }
    this.running.set(one.functionName, built.hash);
    this.puts.set(one.functionName, { zip: built.zip, at: performance.now() });
    this.props.onCode?.();
    const took = built.tookMs + performance.now() - started;
    const cause = files.length === 0 ? '' : `  ${colours.quiet(files.join(', '))}`;
    const size = `${(built.bytes / 1000).toFixed(0)} KB`;
    this.say(
      `${colours.good('✓')} ${one.handler} runs the new code: ${size}, after ${duration(took)}${cause}`,
    );
    if (this.restores.has(one.functionName)) await this.wake(one);
  }

  private async deployStack(files: readonly string[]): Promise<void> {
    const started = performance.now();
    this.say(`Deploying ${files.join(', ')} with Terraform …`);
    try {
      const changes = await this.deploy();
      this.say(
        `Deployed with Terraform: ${describeChanges(changes)}, after ${duration(performance.now() - started)}.`,
      );
    } catch (error) {
      this.say(`${this.colours.bad('✗')} Not deployed; what runs goes on running.`);
      this.props.output.write(`${indent(messageOf(error), '    ')}\n`);
      return;
    }
    await this.look();
    this.props.onCode?.();
    if (!this.props.inspected) return;
    // Terraform has put everything back.
    await this.update(await this.builders.takers([]), true);
    await this.inspectAll();
  }

  private async inspectAll(): Promise<void> {
    // First the function that everyone debugs: debuggers look at its port by themselves.
    const first = (handler: string): number => (handler === 'process-upload' ? 0 : 1);
    const ordered = [...this.functions].sort((one, other) => first(one.handler) - first(other.handler));
    for (const [index, one] of ordered.entries()) {
      const port = this.props.inspectorPort + index;
      const restore = await inspect(this.lambda, one.functionName, port);
      if (!this.restores.has(one.functionName)) this.restores.set(one.functionName, restore);
      this.say(
        `${one.handler} is debugged at 127.0.0.1:${port}: one execution at a time, without its time limit.`,
      );
      await this.wake(one);
    }
  }

  /** Starts the function's process, so that a debugger finds it before the first upload: an event without records. */
  private async wake({ functionName, handler }: DeployedFunction): Promise<void> {
    if (handler !== 'process-upload') return;
    const input = { FunctionName: functionName, Payload: Buffer.from('{"Records": []}') };
    await this.lambda.send(new InvokeCommand(input)).catch(() => undefined);
  }

  /** Checks the types beside everything else: the newest sources only. */
  private async check(): Promise<void> {
    this.checking.abort();
    const { signal } = (this.checking = new AbortController());
    const errors = await this.props.typeErrors(signal).catch(() => undefined);
    if (errors === undefined || signal.aborted) return;
    this.say(`${this.colours.bad('✗')} ${errors}\n    The code runs all the same.`);
  }

  /** As every deployment: type errors are told before anything is changed. */
  private async deploy(): Promise<Changes> {
    const errors = await this.props.typeErrors();
    if (errors !== undefined) throw new ToolError(errors);
    return this.props.deploy();
  }
}
