import type { Environment } from '../../lib/environment';
import { Progress } from '../../lib/progress';
import type { Output } from '../../lib/terminal';
import { Stack } from '../deploy/stack';

export interface MakePlanProps {
  /** The project's folder. */
  readonly root: string;
  readonly env: Environment;
  /** The output for progress; standard output is for the review. */
  readonly output: Output;
}

export interface MadePlan {
  /** The plan, as `terraform show -json` writes it. */
  readonly json: string;
  readonly environment: string;
}

/**
 * Plans as `npm run diff` does, and reads the plan, which stays in the stack's folder.
 * @throws {ToolError} with the output of the failing command
 */
export async function makePlan({ root, env, output }: MakePlanProps): Promise<MadePlan> {
  const stack = await Stack.prepare({ root, env, progress: new Progress(output) });
  await stack.plan();
  return {
    json: await stack.planJson(),
    environment: Stack.environment(env),
  };
}
