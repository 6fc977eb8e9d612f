import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  PutFunctionConcurrencyCommand,
  UpdateFunctionConfigurationCommand,
  type LambdaClient,
} from '@aws-sdk/client-lambda';

/** Node's own port for the first, where VS Code and chrome://inspect look. */
export const FIRST_PORT = 9229;

/** Lambda's longest time limit: someone looks at variables meanwhile. */
const LONGEST_SECONDS = 900;

/**
 * Lets a function of the engine run under Node's inspector on loopback: one execution at a time, for a second one would
 * have no port, and without its time limit. https://nodejs.org/api/cli.html#--inspecthostport
 * @returns puts the function's own configuration back
 */
export async function inspect(
  lambda: LambdaClient,
  functionName: string,
  port: number,
): Promise<() => Promise<void>> {
  const input = { FunctionName: functionName };
  const { Environment, Timeout } = await lambda.send(new GetFunctionConfigurationCommand(input));
  const { ReservedConcurrentExecutions: reserved } = await lambda.send(
    new GetFunctionConcurrencyCommand(input),
  );
  const Variables = withoutOurs(Environment?.Variables ?? {});
  const NODE_OPTIONS = [Variables.NODE_OPTIONS, `${OPTION}${port}`].filter(Boolean).join(' ');
  await lambda.send(
    new UpdateFunctionConfigurationCommand({
      ...input,
      Timeout: LONGEST_SECONDS,
      Environment: { Variables: { ...Variables, NODE_OPTIONS } },
    }),
  );
  await lambda.send(new PutFunctionConcurrencyCommand({ ...input, ReservedConcurrentExecutions: 1 }));
  return async () => {
    await lambda.send(
      new UpdateFunctionConfigurationCommand({ ...input, Timeout, Environment: { Variables } }),
    );
    if (reserved === undefined) await lambda.send(new DeleteFunctionConcurrencyCommand(input));
    else
      await lambda.send(
        new PutFunctionConcurrencyCommand({ ...input, ReservedConcurrentExecutions: reserved }),
      );
  };
}

const OPTION = '--inspect=127.0.0.1:';

/** Without what a session that was killed has left. */
function withoutOurs({ NODE_OPTIONS = '', ...others }: Record<string, string>): Record<string, string> {
  const own = NODE_OPTIONS.split(' ').filter((option) => option !== '' && !option.startsWith(OPTION));
  return own.length === 0 ? others : { ...others, NODE_OPTIONS: own.join(' ') };
}
