import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { inspect } from '../../../../tools/local/dev/inspector';

const lambda = mockClient(LambdaClient);

/** A function with this configuration, inspected and given back. */
async function inspected(Variables: Record<string, string>, reserved?: number) {
  lambda.reset();
  lambda.on(GetFunctionConfigurationCommand).resolves({ Environment: { Variables }, Timeout: 30 });
  lambda.on(GetFunctionConcurrencyCommand).resolves({ ReservedConcurrentExecutions: reserved });
  const restore = await inspect(new LambdaClient({ region: 'eu-west-1' }), 'f', 9229);
  await restore();
  const [during, after] = lambda
    .commandCalls(UpdateFunctionConfigurationCommand)
    .map(({ args }) => args[0].input);
  return { during, after };
}

describe('a function under the inspector', () => {
  it('has it on loopback, no time limit to speak of, and one execution', async () => {
    const { during } = await inspected({ LOG_LEVEL: 'INFO' });

    expect(during).toEqual({
      FunctionName: 'f',
      Timeout: 900,
      Environment: { Variables: { LOG_LEVEL: 'INFO', NODE_OPTIONS: '--inspect=127.0.0.1:9229' } },
    });
    expect(lambda.commandCalls(PutFunctionConcurrencyCommand)[0]?.args[0].input).toEqual({
      FunctionName: 'f',
      ReservedConcurrentExecutions: 1,
    });
  });

  it('gets its own configuration back', async () => {
    const { after } = await inspected({ LOG_LEVEL: 'INFO', NODE_OPTIONS: '--enable-source-maps' }, 3);

    expect(after).toEqual({
      FunctionName: 'f',
      Timeout: 30,
      Environment: { Variables: { LOG_LEVEL: 'INFO', NODE_OPTIONS: '--enable-source-maps' } },
    });
    expect(lambda.commandCalls(PutFunctionConcurrencyCommand)[1]?.args[0].input).toEqual({
      FunctionName: 'f',
      ReservedConcurrentExecutions: 3,
    });
    expect(lambda.commandCalls(DeleteFunctionConcurrencyCommand)).toEqual([]);
  });

  it('gives back no inspector that a killed session has left', async () => {
    const { after } = await inspected({ NODE_OPTIONS: '--inspect=127.0.0.1:9229' });

    expect(after).toMatchObject({ Environment: { Variables: {} } });
    expect(lambda.commandCalls(DeleteFunctionConcurrencyCommand)).toHaveLength(1);
  });
});
