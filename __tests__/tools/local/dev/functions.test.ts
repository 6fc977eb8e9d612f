import { LambdaClient, UpdateAliasCommand, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { functionsIn, putCode } from '../../../../tools/local/dev/functions';

const HASH = 'ab'.repeat(32);
const resource = (type: string, attributes: object) => ({
  mode: 'managed',
  type,
  instances: [{ attributes }],
});
const STATE = JSON.stringify({
  version: 4,
  resources: [
    resource('aws_lambda_function', {
      function_name: 'p-process-upload',
      filename: './assets/code/1234/process-upload.zip',
      source_code_hash: Buffer.from(HASH, 'hex').toString('base64'),
      timeout: 30,
      environment: [{ variables: { LOG_LEVEL: 'INFO' } }],
    }),
    resource('aws_lambda_alias', { function_name: 'p-process-upload', name: 'live' }),
    resource('aws_s3_bucket', { bucket: 'b' }),
  ],
});
const FUNCTION = {
  functionName: 'p-process-upload',
  handler: 'process-upload',
  hash: HASH,
  alias: 'live',
  timeoutSeconds: 30,
  variables: { LOG_LEVEL: 'INFO' },
};

it('knows the functions that Terraform has deployed, whose code each runs, and its alias', () => {
  expect(functionsIn(STATE)).toEqual([FUNCTION]);
  expect(functionsIn('')).toEqual([]);
});

describe('new code of a function', () => {
  const lambda = mockClient(LambdaClient);
  beforeEach(() => {
    lambda.reset();
    lambda.on(UpdateFunctionCodeCommand).resolves({ Version: '7' });
    lambda.on(UpdateAliasCommand).resolves({});
  });
  const ZipFile = Buffer.from('zip');

  it('is a version behind its alias, as uploads call it', async () => {
    await putCode(new LambdaClient({ region: 'eu-west-1' }), FUNCTION, ZipFile);

    expect(lambda.commandCalls(UpdateFunctionCodeCommand)[0]?.args[0].input).toEqual({
      FunctionName: 'p-process-upload',
      ZipFile,
      Publish: true,
    });
    expect(lambda.commandCalls(UpdateAliasCommand)[0]?.args[0].input).toEqual({
      FunctionName: 'p-process-upload',
      Name: 'live',
      FunctionVersion: '7',
    });
  });

  it('is no version without an alias', async () => {
    await putCode(new LambdaClient({ region: 'eu-west-1' }), { ...FUNCTION, alias: undefined }, ZipFile);

    expect(lambda.commandCalls(UpdateFunctionCodeCommand)[0]?.args[0].input).toMatchObject({
      Publish: false,
    });
    expect(lambda.commandCalls(UpdateAliasCommand)).toEqual([]);
  });
});
