import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { Token, type TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import { NodeFunction } from '../constructs/function/node-function';
import type { Health } from '../constructs/health/health';

/**
 * Refuses, at synth, a function or a queue that lacks what every one of them has. It looks at the resources themselves,
 * so that one which was made without the constructs is found too.
 * @param health undefined where the settings turn it off
 */
export function requireComplete(stack: TerraformStack, namePrefix: string, health: Health | undefined): void {
  stack.node.addValidation({
    validate: () =>
      stack.node
        .findAll()
        .flatMap((construct) => problemsOf(construct, namePrefix, health))
        .map(({ construct, problem }) => `${construct.node.path}: ${problem}`),
  });
}

interface Problem {
  readonly construct: IConstruct;
  readonly problem: string;
}

function problemsOf(construct: IConstruct, namePrefix: string, health: Health | undefined): Problem[] {
  const { scope } = construct.node;
  const problems: (string | undefined)[] = [];
  if (construct instanceof LambdaFunction) {
    problems.push(
      wrongName(construct.functionNameInput, namePrefix),
      scope instanceof NodeFunction
        ? undefined
        : 'a function that is no NodeFunction; expected addFunction of stacks/shared.ts, which gives it a role, a log group and a failure queue.',
    );
  }
  if (construct instanceof NodeFunction) {
    problems.push(
      construct.failures
        ? undefined
        : 'no failure destination; expected onFailure(queue): an event that fails would vanish after its last attempt.',
      health?.covers(construct) === false ? LATE : undefined,
    );
  }
  if (construct instanceof SqsQueue) {
    problems.push(
      wrongName(construct.nameInput, namePrefix),
      health?.covers(construct) === false ? LATE : undefined,
    );
  }
  if (construct instanceof CloudwatchLogGroup && !(construct.retentionInDaysInput ?? 0)) {
    problems.push(
      'no retention; expected retentionInDays: its log lines would be kept, and paid for, forever.',
    );
  }
  return problems.filter((problem) => problem !== undefined).map((problem) => ({ construct, problem }));
}

const LATE =
  'no alarms; expected it to be made before addHealth, which watches what it finds in the construct tree.';

/** The permissions of the GitHub roles, the key's policy and the tools know what is deployed by how its name starts. */
function wrongName(input: string | undefined, namePrefix: string): string | undefined {
  if (input !== undefined && (Token.isUnresolved(input) || input.startsWith(`${namePrefix}-`)))
    return undefined;
  return `the name ${JSON.stringify(input ?? null)}; expected one that starts with "${namePrefix}-", as permissions and tools know what is deployed by that.`;
}
