import { IamOpenidConnectProvider } from '@cdktf/provider-aws/lib/iam-openid-connect-provider';
import { Testing } from 'cdktf';
import { GithubRoles, type GithubRolesProps } from '../../constructs/github-roles';
import { ACCOUNT, deployed, isAllowed, roles, type Request } from '../support/iam';
import { parse, statements } from '../support/synth';

const STATE = { bucket: 'our-state', key: 'pipeline/terraform.tfstate' };

const synth = (props: Partial<GithubRolesProps> = {}): string =>
  Testing.synthScope((scope) => {
    new GithubRoles(scope, 'github', {
      repository: 'us/ours',
      environment: 'prod',
      namePrefix: 'test',
      state: STATE,
      ...props,
    });
  });

const HERE = `us-east-1:${ACCOUNT}`;
const ask = (action: string, resource: string, context?: Request['context']): Request => ({
  action,
  resource,
  ...(context && { context }),
});

/** Whether a workflow gets a role: by whom it says it is. */
function maySay(role: string, subject: string, audience = 'sts.amazonaws.com'): boolean {
  const trust = statements(synth()).filter(
    ({ address, Action }) => address.includes(role) && Action.includes('sts:AssumeRoleWithWebIdentity'),
  );
  expect(trust).toHaveLength(1);
  const issuer = 'token.actions.githubusercontent.com';
  const context = { [`${issuer}:sub`]: subject, [`${issuer}:aud`]: audience };
  return isAllowed(trust, ask('sts:AssumeRoleWithWebIdentity', 'the role', context));
}

describe('GithubRoles', () => {
  it('lets pull requests of the repository and its main branch look', () => {
    expect(maySay('github-plan', 'repo:us/ours:pull_request')).toBe(true);
    expect(maySay('github-plan', 'repo:us/ours:ref:refs/heads/main')).toBe(true);
  });

  it.each([
    'repo:us/ours:ref:refs/heads/other',
    'repo:us/ours:environment:prod',
    'repo:them/ours:pull_request',
    'repo:us/ours-too:pull_request',
  ])('lets %s not look', (subject) => {
    expect(maySay('github-plan', subject)).toBe(false);
  });

  it('lets jobs of one environment deploy, and nobody else', () => {
    expect(maySay('github-deploy', 'repo:us/ours:environment:prod')).toBe(true);
    for (const other of ['pull_request', 'ref:refs/heads/main', 'environment:dev', 'environment:prod2']) {
      expect(maySay('github-deploy', `repo:us/ours:${other}`)).toBe(false);
    }
  });

  it('takes tokens for AWS only', () => {
    expect(maySay('github-deploy', 'repo:us/ours:environment:prod', 'https://github.com/us')).toBe(false);
  });

  it('uses the provider that the account has, or makes it', () => {
    const oidcProviderArn = `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`;

    expect(synth()).toHaveResourceWithProperties(IamOpenidConnectProvider, {
      url: 'https://token.actions.githubusercontent.com',
      client_id_list: ['sts.amazonaws.com'],
    });
    expect(synth({ oidcProviderArn })).not.toHaveResource(IamOpenidConnectProvider);
    expect(statements(synth({ oidcProviderArn }))[0]?.Principal).toEqual({ Federated: oidcProviderArn });
  });

  describe('give permissions', () => {
    const all = roles(deployed(synth()));
    const may = (role: 'plan' | 'deploy', request: Request): boolean =>
      isAllowed(
        all.get(`\${aws_iam_role.github_github-${role}_}`) ?? all.get(`test-github-${role}`) ?? [],
        request,
      );
    const bucket = 'arn:aws:s3:::test-uploads-1';

    const LOOK: readonly Request[] = [
      ask('lambda:GetFunction', `arn:aws:lambda:${HERE}:function:test-process-upload`),
      ask('s3:GetBucketPolicy', bucket),
      ask('s3:ListBucket', bucket),
      ask('sqs:GetQueueAttributes', `arn:aws:sqs:${HERE}:test-failures`),
      ask('iam:GetRolePolicy', `arn:aws:iam::${ACCOUNT}:role/test-caller`),
      ask('s3:GetObject', 'arn:aws:s3:::our-state/pipeline/terraform.tfstate'),
    ];
    const CHANGE: readonly Request[] = [
      ask('lambda:UpdateFunctionCode', `arn:aws:lambda:${HERE}:function:test-process-upload`),
      ask('s3:PutBucketPolicy', bucket),
      ask('sqs:SetQueueAttributes', `arn:aws:sqs:${HERE}:test-failures`),
      ask('logs:PutRetentionPolicy', `arn:aws:logs:${HERE}:log-group:/aws/lambda/test-caller`),
      ask('iam:PutRolePolicy', `arn:aws:iam::${ACCOUNT}:role/test-caller`),
      ask('iam:PassRole', `arn:aws:iam::${ACCOUNT}:role/test-caller`, {
        'iam:PassedToService': 'lambda.amazonaws.com',
      }),
      ask('s3:PutObject', 'arn:aws:s3:::our-state/pipeline/terraform.tfstate'),
      ask('s3:DeleteObject', 'arn:aws:s3:::our-state/pipeline/terraform.tfstate.tflock'),
    ];
    const NEITHER: readonly Request[] = [
      ask('s3:GetObject', `${bucket}/processed/a`),
      ask('s3:DeleteObject', `${bucket}/processed/a`),
      ask('s3:PutObject', `${bucket}/uploads/a`),
      ask('sqs:ReceiveMessage', `arn:aws:sqs:${HERE}:test-failures`),
      ask('logs:GetLogEvents', `arn:aws:logs:${HERE}:log-group:/aws/lambda/test-caller`),
      ask('lambda:InvokeFunction', `arn:aws:lambda:${HERE}:function:test-process-upload`),
      ask('lambda:UpdateFunctionCode', `arn:aws:lambda:${HERE}:function:others`),
      ask('s3:DeleteBucket', 'arn:aws:s3:::others'),
      ask('s3:DeleteObject', 'arn:aws:s3:::our-state/pipeline/terraform.tfstate'),
      ask('s3:GetObject', 'arn:aws:s3:::our-state/another/terraform.tfstate'),
      ask('iam:PutRolePolicy', `arn:aws:iam::${ACCOUNT}:role/admin`),
      ask('iam:PutRolePolicy', `arn:aws:iam::${ACCOUNT}:role/test-github-deploy`),
      ask('iam:UpdateAssumeRolePolicy', `arn:aws:iam::${ACCOUNT}:role/test-github-plan`),
      ask('iam:AttachRolePolicy', `arn:aws:iam::${ACCOUNT}:role/test-caller`),
      ask('iam:PassRole', `arn:aws:iam::${ACCOUNT}:role/test-caller`, {
        'iam:PassedToService': 'ec2.amazonaws.com',
      }),
      ask('iam:CreateUser', `arn:aws:iam::${ACCOUNT}:user/x`),
    ];

    it.each(LOOK)('to look and to deploy: $action on $resource', (request) => {
      expect([may('plan', request), may('deploy', request)]).toEqual([true, true]);
    });

    it.each(CHANGE)('to deploy only: $action on $resource', (request) => {
      expect([may('plan', request), may('deploy', request)]).toEqual([false, true]);
    });

    it.each(NEITHER)('to neither: $action on $resource', (request) => {
      expect([may('plan', request), may('deploy', request)]).toEqual([false, false]);
    });
  });

  it('gives no permission on a state that lies elsewhere', () => {
    expect(JSON.stringify(parse(synth({ state: undefined })))).not.toContain('our-state');
  });

  it('stay within the 10,240 characters that AWS allows a role’s policies', () => {
    const { resource } = deployed(synth());

    for (const { policy } of Object.values(resource.aws_iam_role_policy ?? {})) {
      expect((policy as string).length).toBeLessThan(10_240);
    }
  });

  it.each([
    [{ repository: 'us/*' }, 'GithubRoles.repository: got "us/*"; expected owner/name, without a pattern'],
    [{ repository: 'ours' }, 'GithubRoles.repository: got "ours"'],
    [{ environment: '*' }, 'GithubRoles.environment: got "*"; expected the name of one environment'],
  ])('refuses %j', (props, message) => {
    expect(() => synth(props)).toThrow(message);
  });
});
