import path from 'node:path';
import { beginTypeCheck } from '../../build/typecheck';
import type { Ask } from '../../lib/ask';
import type { Environment } from '../../lib/environment';
import { UsageError } from '../../lib/errors';
import { Progress } from '../../lib/progress';
import type { Output } from '../../lib/terminal';
import { condensePlan } from './plan-text';
import { Stack, type StackProps } from './stack';

export interface ChangeProps {
  /** The project's folder. */
  readonly root: string;
  readonly env: Environment;
  readonly output: Output;
  /** Undefined without a terminal. */
  readonly ask?: Ask | undefined;
  /** The only answer that confirms. @default yes */
  readonly answer?: string;
  /** @default runs the app */
  readonly synthesize?: StackProps['synthesize'];
  /** @default looks at this machine */
  readonly look?: StackProps['look'];
  /** @default runs the compiler */
  readonly checkTypes?: typeof beginTypeCheck;
}

/** The texts of each action: its question, its progress and its end without changes. */
const ACTIONS = {
  deploy: { question: 'Deploy this to', doing: 'Deploying', nothing: 'Nothing to change' },
  destroy: { question: 'Destroy all of', doing: 'Destroying', nothing: 'Nothing to destroy' },
};

export type Action = keyof typeof ACTIONS;

/** `npm run diff`: shows what a deployment would change. */
export async function diff(props: ChangeProps): Promise<void> {
  const stack = await prepare(props);
  if (await stack.plan()) return show(stack, props);
  props.output.write(`\n${ACTIONS.deploy.nothing} in ${Stack.environment(props.env)}.\n`);
}

/**
 * `npm run deploy` and `npm run destroy`: shows the plan, asks, and applies it.
 * @param yes does not ask
 * @returns false where the answer was no
 * @throws {UsageError} at the start, if it must ask and has no terminal
 */
export async function change(action: Action, yes: boolean, props: ChangeProps): Promise<boolean> {
  const { root, env, output, ask, answer = 'yes', checkTypes = beginTypeCheck } = props;
  requireAnswer(action, yes, ask);
  const { question, doing, nothing } = ACTIONS[action];
  const environment = Stack.environment(env);
  const beside = action === 'deploy' ? { title: 'checking the types', done: checkTypes(root) } : undefined;
  const stack = await prepare(props);
  if (await stack.plan({ destroy: action === 'destroy', beside })) {
    await show(stack, props);
    if (!yes && (await ask?.(`${question} ${environment}? Only "${answer}" does it: `)) !== answer) {
      output.write('Nothing was changed.\n');
      return false;
    }
    await stack.apply(`${doing} ${environment}`);
  } else {
    output.write(`\n${nothing} in ${environment}.\n`);
  }
  if (action === 'deploy') output.write(`\n${await stack.outputs()}\n`);
  return true;
}

/** @throws {UsageError} where there must be a question, and there is no terminal */
export function requireAnswer(action: Action, yes: boolean, ask: Ask | undefined): void {
  if (yes || ask) return;
  throw new UsageError(
    `npm run ${action} asks before it changes anything, but there is no terminal. Nothing was changed.\n` +
      `To do it without the question: npm run ${action} -- --yes`,
  );
}

const prepare = ({ output, ...props }: ChangeProps): Promise<Stack> =>
  Stack.prepare({ ...props, progress: new Progress(output) });

/** On a terminal Terraform's own text; in a log the same, condensed. */
async function show(stack: Stack, { root, output }: ChangeProps): Promise<void> {
  const colour = output.isTTY === true;
  const text = await stack.planText({ colour });
  output.write(`\n${colour ? text : condensePlan(text)}\n\n`);
  if (colour) return;
  output.write(`With every attribute: terraform -chdir=${path.relative(root, stack.folder)} show plan\n\n`);
}
