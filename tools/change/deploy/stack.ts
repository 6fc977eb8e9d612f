import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Environment } from '../../lib/environment';
import { ToolError } from '../../lib/errors';
import type { Note, Progress } from '../../lib/progress';
import { describeChanges, describeLine, parseChanges, type Changes } from '../../lib/terraform-output';
import { lookAtMachine, type LookProps } from '../../machine/machine';
import { backendArguments } from './backend';
import { LOCK, placeLock } from './lock';
import { synth } from './synth';
import { terraform, type Ran } from './terraform';

/** The plan's file in the stack's folder, as `cdktf diff` names it. */
export const PLAN = 'plan';

/** `terraform plan -detailed-exitcode`. https://developer.hashicorp.com/terraform/cli/commands/plan#detailed-exitcode */
const CHANGES = 2;

const PLAIN = ['-input=false', '-no-color'];

export interface StackProps {
  /** The project's folder. */
  readonly root: string;
  readonly env: Environment;
  readonly progress: Progress;
  /** @default runs the app */
  readonly synthesize?: typeof synth | undefined;
  /** Initializes Terraform. @default true */
  readonly init?: boolean;
  /** Finds Terraform and its provider: the environment with both. @default looks at this machine */
  readonly look?: ((props: LookProps) => Promise<{ readonly env: Environment }>) | undefined;
}

export interface PlanProps {
  /** Plans to destroy everything. @default false */
  readonly destroy?: boolean;
  /** A task that runs beside the planning; its error ends the planning. */
  readonly beside?: { readonly title: string; readonly done: () => Promise<void> } | undefined;
}

/** The synthesized stack, ready for Terraform, and its commands. */
export class Stack {
  private constructor(
    private readonly props: StackProps,
    /** Where Terraform runs. */
    readonly folder: string,
  ) {}

  /** `PIPELINE_ENV`; `dev` by default. */
  static environment = (env: Environment): string => env.PIPELINE_ENV ?? 'dev';

  /**
   * Synthesizes the stack and initializes Terraform in its folder.
   * @throws {ToolError} with the output of the failing step
   */
  static async prepare(props: StackProps): Promise<Stack> {
    const { root, progress, synthesize = synth, look = lookAtMachine } = props;
    const { env } = await progress.step(
      'Looking for Terraform',
      (note) => look({ root, env: props.env, withPython: false, pinProvider: false, progress, note }),
      () => 'Found Terraform',
    );
    const { folder, warnings } = await progress.step(
      `Synthesizing ${Stack.environment(env)}`,
      () => synthesize(root, env),
      () => `Synthesized ${Stack.environment(env)}`,
    );
    for (const warning of warnings) progress.say(`Warning: ${warning}`);
    const stack = new Stack({ ...props, env }, folder);
    if (props.init === false) return stack;
    await progress.step(
      'Initializing Terraform',
      () => stack.init(),
      () => 'Initialized Terraform',
    );
    return stack;
  }

  /**
   * Plans, and leaves the plan in the stack's folder.
   * @returns whether there is anything to change
   */
  async plan({ destroy = false, beside }: PlanProps = {}): Promise<boolean> {
    const title = `Planning${destroy ? ' to destroy it all' : ''}${beside ? `, and ${beside.title}` : ''}`;
    const args = ['plan', ...PLAIN, '-detailed-exitcode', `-out=${PLAN}`, ...(destroy ? ['-destroy'] : [])];
    return this.props.progress.step(title, async (note) => {
      const abort = new AbortController();
      const planned = this.run(args, { note, fine: [0, CHANGES], signal: abort.signal });
      try {
        await Promise.all([planned, beside?.done()]);
      } catch (error) {
        abort.abort();
        await planned.catch(() => undefined);
        throw error;
      }
      return (await planned).code === CHANGES;
    });
  }

  /** The plan as Terraform's text. */
  async planText({ colour }: { readonly colour: boolean }): Promise<string> {
    return (await this.run(['show', ...(colour ? [] : ['-no-color']), PLAN])).output;
  }

  /** The plan as JSON. https://developer.hashicorp.com/terraform/internals/json-format */
  async planJson(): Promise<string> {
    return (await this.run(['show', '-json', PLAN])).output;
  }

  /** Applies the plan; Terraform refuses if the state has changed since. */
  async apply(title: string): Promise<Changes> {
    const none: Changes = { added: 0, changed: 0, destroyed: 0 };
    return this.props.progress.step(
      title,
      async (note) => parseChanges((await this.run(['apply', ...PLAIN, PLAN], { note })).output) ?? none,
      (changes) => `Done: ${describeChanges(changes)}`,
    );
  }

  /** The outputs of the deployed stack, as `name = value` lines. */
  async outputs(): Promise<string> {
    return (await this.run(['output', '-no-color'])).output;
  }

  /**
   * Chooses the newest providers that the stack admits, and notes their hashes.
   * https://developer.hashicorp.com/terraform/cli/commands/providers/lock
   * @param mirror a filesystem mirror to take them from, instead of the registry
   * @returns the lock file
   */
  async lockProviders(platforms: readonly string[], mirror?: string): Promise<string> {
    const file = path.join(this.folder, LOCK);
    rmSync(file, { force: true });
    await this.run([
      'providers',
      'lock',
      ...(mirror === undefined ? [] : [`-fs-mirror=${mirror}`]),
      ...platforms.map((platform) => `-platform=${platform}`),
    ]);
    return readFileSync(file, 'utf8');
  }

  /** With the committed lock file, where there is one for all providers of the stack: it takes these, or fails. */
  private async init(): Promise<void> {
    const locked = placeLock(this.props.root, this.folder);
    const args = [
      'init',
      ...PLAIN,
      ...(locked ? ['-lockfile=readonly'] : []),
      ...backendArguments({ ...this.props, folder: this.folder }),
    ];
    const { code, output } = await this.run(args, { fine: [0, 1] });
    if (code === 0) return;
    if (locked) {
      throw new ToolError(
        `The providers are locked (${LOCK}), and the stack wants others, or this machine takes them from elsewhere.\n` +
          `\`npm run lock\` locks what the settings ask for; commit it.\n\n${failure(args, output).message}`,
      );
    }
    // The settings require another provider than the locked one: upgrade, as cdktf does.
    if (!output.includes('-upgrade')) throw failure(args, output);
    await this.run([...args, '-upgrade']);
  }

  private async run(args: readonly string[], props: RunProps = {}): Promise<Ran> {
    const { note, fine = [0], signal } = props;
    const onLine = (line: string): void => {
      const now = describeLine(line);
      if (now !== undefined) note?.(now);
    };
    const ran = await terraform(args, { folder: this.folder, env: this.props.env, signal, onLine });
    if (ran.code !== null && fine.includes(ran.code)) return ran;
    throw failure(args, ran.output);
  }
}

interface RunProps {
  readonly note?: Note;
  /** The successful exit codes. @default 0 */
  readonly fine?: readonly number[];
  readonly signal?: AbortSignal;
}

/** Terraform's complete error, without the lines of progress before it. */
function failure([command = '']: readonly string[], output: string): ToolError {
  const error = output.slice(Math.max(0, output.search(/^Error: /mu)));
  return new ToolError(`terraform ${command} failed.\n\n${error}`);
}
