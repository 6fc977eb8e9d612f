import { readFileSync } from 'node:fs';
import type { Environment } from '../../../tools/lib/environment';
import { REGION } from '../../../tools/local/environment';
import type { Started } from '../../../tools/local/start';
import { credentialsIn, EngineApi } from './engine-api';

const ACCOUNT = '000000000000';

/** Start of the names of what is deployed: several deployments may be on one engine. */
const prefixOf = ({ outputs }: Pick<Started, 'outputs'>): string =>
  outputs.process_upload_function.replace(/-process-upload(:.*)?$/u, '');

/** The policy of docs/operations.md for a person who runs the tools, for what is deployed. */
export function operatorPolicy(started: Pick<Started, 'outputs'>): string {
  const { outputs } = started;
  const [, policy = ''] = /```json\n([\s\S]*?)```/u.exec(readFileSync('docs/operations.md', 'utf8')) ?? [];
  const values = {
    REGION,
    ACCOUNT,
    PREFIX: prefixOf(started),
    BUCKET: outputs.upload_bucket,
    STREAM: 'jobs', // as the tests of jobs name theirs
    TABLE: 'jobs',
  };
  return Object.entries(values).reduce(
    (text, [name, value]) => text.replaceAll(new RegExp(`\\b${name}\\b`, 'gu'), value),
    policy,
  );
}

/**
 * Makes the role of a person who operates what is deployed, with exactly the policy of docs/operations.md, and assumes it.
 * @returns the variables that make a tool run as that person
 */
export async function operatorEnvironment(started: Started): Promise<Environment> {
  const api = new EngineApi(started);
  const RoleName = `operators-of-${prefixOf(started)}`;
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } },
    ],
  });
  await api.query('iam', 'CreateRole', { RoleName, AssumeRolePolicyDocument });
  const PolicyDocument = operatorPolicy(started);
  await api.query('iam', 'PutRolePolicy', { RoleName, PolicyName: 'operate', PolicyDocument });
  const session = {
    RoleArn: `arn:aws:iam::${ACCOUNT}:role/${RoleName}`,
    RoleSessionName: 'ann',
  };
  const { accessKeyId, secretAccessKey, sessionToken } = credentialsIn(
    await api.query('sts', 'AssumeRole', session),
  );
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  };
}
