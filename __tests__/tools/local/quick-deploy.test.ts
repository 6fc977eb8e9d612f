import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { describeDeployed, marksOfStack, whatChanged, whatIsKept } from '../../../tools/local/quick-deploy';

const HASH = 'ab'.repeat(32);
const FUNCTION = {
  functionName: 'f',
  handler: 'process-upload',
  hash: HASH,
  alias: undefined,
  timeoutSeconds: 30,
  variables: { A: '1', B: '2' },
};
const AS_DEPLOYED = {
  CodeSha256: Buffer.from(HASH, 'hex').toString('base64'),
  Timeout: 30,
  Environment: { Variables: { B: '2', A: '1' } },
};

const lambda = mockClient(LambdaClient);

it.each([
  ['everything', {}],
  ['settings', { CodeSha256: 'another' }],
  ['nothing', { Timeout: 900 }],
  [
    'nothing',
    { Environment: { Variables: { ...AS_DEPLOYED.Environment.Variables, NODE_OPTIONS: '--inspect' } } },
  ],
])('%s is kept of a function that differs by %j', async (kept, changed) => {
  lambda.reset();
  lambda.on(GetFunctionConfigurationCommand).resolves({ ...AS_DEPLOYED, ...changed });

  await expect(whatIsKept(new LambdaClient({ region: 'eu-west-1' }), FUNCTION)).resolves.toBe(kept);
});

const stack = (settings: object, bucket = 'b') =>
  JSON.stringify({
    terraform: {},
    resource: { aws_lambda_function: { f: { timeout: 1, ...settings } }, aws_s3_bucket: { b: { bucket } } },
  });

it.each([
  ['nothing', stack({ filename: 'old.zip', source_code_hash: 'old' })],
  ['packages', stack({ filename: 'new.zip', source_code_hash: 'new' })],
  ['more', stack({ timeout: 2 })],
  ['more', stack({}, 'other')],
])('%s has changed: %#', (changed, after) => {
  const before = stack({ filename: 'old.zip', source_code_hash: 'old' });

  expect(whatChanged(marksOfStack(before), marksOfStack(after))).toBe(changed);
});

it('says that nothing has changed, and how to ask Terraform all the same', () => {
  const changes = { added: 0, changed: 0, destroyed: 0 };

  expect(describeDeployed({ changes, how: 'unchanged' })).toContain('npm start -- --full');
  expect(describeDeployed({ changes: { ...changes, changed: 1 }, how: 'code' })).toBe(
    'Deployed with Terraform: 1 changed',
  );
});
