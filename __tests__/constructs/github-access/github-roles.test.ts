import { Testing } from 'cdktf';
import { GithubRoles, type GithubRolesProps } from '../../../constructs/github-access/github-roles';
import { ACCOUNT, deployed, isAllowed, roles, type Request } from '../../support/iam';
import { parse, statements } from '../../support/synth';

const STATE = { bucket: 'our-state', key: 'pipeline/terraform.tfstate' };

const synth = (props: Partial<GithubRolesProps> = {}): string =>
  Testing.synthScope((scope) => {
    new GithubRoles(scope, 'github', {
      of: scope,
      repository: 'us/ours',
      environment: 'prod',
      namePrefix: 'test',
      state: STATE,
      ...props,
    });
  });

const ISSUER = 'token.actions.githubusercontent.com';
const HERE = `us-east-1:${ACCOUNT}`;
const ask = (action: string, resource: string, context?: Request['context']): Request => ({
  action,
  resource,
  ...(context && { context }),
});

/** Whether a workflow gets a role: by whom it says it is. */
function maySay(
  role: string,
  subject: string,
  { audience = 'sts.amazonaws.com', ...props }: Partial<GithubRolesProps> & { audience?: string } = {},
): boolean {
  const trust = statements(synth(props)).filter(
    ({ address, Action }) => address.includes(role) && Action.includes('sts:AssumeRoleWithWebIdentity'),
  );
  expect(trust).toHaveLength(1);
  const context = { [`${ISSUER}:sub`]: subject, [`${ISSUER}:aud`]: audience };
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
    expect(
      maySay('github-deploy', 'repo:us/ours:environment:prod', { audience: 'https://github.com/us' }),
    ).toBe(false);
  });

  describe('of a repository whose tokens name its ids', () => {
    const ids = { ownerId: 123, repositoryId: 456 };

    it.each(['us/ours', 'us@123/ours@456'])('trusts %s, whichever of the two GitHub sends', (name) => {
      expect(maySay('github-plan', `repo:${name}:pull_request`, ids)).toBe(true);
      expect(maySay('github-plan', `repo:${name}:ref:refs/heads/main`, ids)).toBe(true);
      expect(maySay('github-deploy', `repo:${name}:environment:prod`, ids)).toBe(true);
    });

    it.each(['us@124/ours@456', 'us@123/ours@457', 'us@123/ours', 'us/ours@456', 'us@456/ours@123'])(
      'trusts nobody who calls the repository %s',
      (name) => {
        expect(maySay('github-deploy', `repo:${name}:environment:prod`, ids)).toBe(false);
      },
    );

    it('trusts no ids that were not given', () => {
      expect(maySay('github-deploy', 'repo:us@123/ours@456:environment:prod')).toBe(false);
    });
  });

  describe('for GitHub’s provider', () => {
    const principal = (props: Partial<GithubRolesProps>) =>
      statements(synth(props)).find(({ Sid }) => Sid === 'TrustGithub')?.Principal;

    it('take the one of the account, or another that they are given', () => {
      const oidcProviderArn = `arn:aws:iam::444455556666:oidc-provider/${ISSUER}`;

      expect(principal({})).toEqual({
        Federated: expect.stringMatching(
          new RegExp(`^arn:.+:iam::.+:oidc-provider/${ISSUER}$`, 'u'),
        ) as string,
      });
      expect(principal({ oidcProviderArn })).toEqual({ Federated: oidcProviderArn });
    });

    // With `dev` destroyed, `prod` of the same account could not log in any more.
    it('neither make it nor destroy the one that an earlier version made', () => {
      const { removed, resource } = JSON.parse(synth()) as Record<string, object>;

      expect(resource).not.toHaveProperty('aws_iam_openid_connect_provider');
      expect(removed).toEqual([
        {
          from: expect.stringMatching(/^aws_iam_openid_connect_provider\.github_provider_/u) as string,
          lifecycle: { destroy: false },
        },
      ]);
    });
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
      ask('iam:PutRolePolicy', `arn:aws:iam::${ACCOUNT}:role/test-caller`, {
        'iam:PermissionsBoundary': `arn:aws:iam::${ACCOUNT}:policy/test-github-boundary`,
      }),
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
      ask('iam:PutRolePolicy', `arn:aws:iam::${ACCOUNT}:role/test-caller`),
      ask('iam:CreateRole', `arn:aws:iam::${ACCOUNT}:role/test-admin`),
      ask('iam:PutRolePolicy', `arn:aws:iam::${ACCOUNT}:role/admin`),
      ask('iam:PutRolePolicy', `arn:aws:iam::${ACCOUNT}:role/test-github-deploy`),
      ask('iam:UpdateAssumeRolePolicy', `arn:aws:iam::${ACCOUNT}:role/test-github-plan`),
      ask('iam:PutRolePolicy', `arn:aws:iam::${ACCOUNT}:role/test-prod-github-deploy`),
      ask('iam:CreatePolicyVersion', `arn:aws:iam::${ACCOUNT}:policy/test-github-change`),
      ask('iam:DeleteOpenIDConnectProvider', `arn:aws:iam::${ACCOUNT}:oidc-provider/${ISSUER}`),
      ask('kms:Decrypt', `arn:aws:kms:${HERE}:key/1234`),
      ask('apigateway:DELETE', 'arn:aws:apigateway:us-east-1::/restapis/a1b2c3d4e5'),
      ask('kms:ScheduleKeyDeletion', `arn:aws:kms:${HERE}:key/1234`),
      ask('lambda:CreateEventSourceMapping', '*', {
        'lambda:FunctionArn': `arn:aws:lambda:${HERE}:function:others`,
      }),
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

  it('may take the interfaces away that Lambda left in the VPC of the settings, and in no other', () => {
    const vpcId = 'vpc-0123456789abcdef0';
    const may = (props: Partial<GithubRolesProps>, vpc: string): boolean =>
      isAllowed(
        roles(deployed(synth(props))).get('${aws_iam_role.github_github-deploy_}') ??
          roles(deployed(synth(props))).get('test-github-deploy') ??
          [],
        ask('ec2:DeleteNetworkInterface', `arn:aws:ec2:${HERE}:network-interface/eni-1`, {
          'ec2:Vpc': `arn:aws:ec2:${HERE}:vpc/${vpc}`,
        }),
      );

    expect([may({ vpcId }, vpcId), may({ vpcId }, 'vpc-99999999'), may({}, vpcId)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('reach a bucket whose name does not start as everything else', () => {
    const may = (bucketName?: string): boolean =>
      isAllowed(
        roles(deployed(synth({ bucketName }))).get('test-github-plan') ?? [],
        ask('s3:GetBucketPolicy', 'arn:aws:s3:::our-uploads'),
      );

    expect([may('our-uploads'), may()]).toEqual([true, false]);
  });

  it('name a resource, or say on what condition where AWS knows none', () => {
    const unnamed = statements(synth()).filter(({ Resource }) => Resource?.includes('*'));

    expect([...new Set(unnamed.map(({ Sid }) => Sid))].sort()).toEqual([
      'ChangeUnnamed',
      'FindUnnamed',
      'MakeMappings',
      'WithoutResource',
    ]);
    // X-Ray and the two of EC2 know no condition either: the most that a function may, not what it may.
    expect(unnamed.filter(({ Condition }) => Condition === undefined).map(({ Sid }) => Sid)).toEqual([
      'WithoutResource',
    ]);
  });

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  it('stay within 10,240 characters for a role’s own policies and 6,144 for one beside it, with the longest names', () => {
    const longest = {
      namePrefix: 'p'.repeat(28),
      bucketName: 'b'.repeat(63),
      state: { bucket: 's'.repeat(63), key: 'k'.repeat(200) },
    };
    const { resource } = deployed(synth(longest));
    const sizes = (type: string): number[] =>
      Object.values(resource[type] ?? {}).map(
        ({ policy }) =>
          (policy as string)
            .replaceAll(':us-east-1:', ':ap-southeast-1:')
            .replaceAll('arn:aws:', 'arn:aws-us-gov:').length,
      );

    // One of each role's own; IAM counts no white space, and there is none.
    const own = sizes('aws_iam_role_policy');
    expect(own).toHaveLength(2);
    expect(Math.max(...own)).toBeLessThan(10_240);
    expect(sizes('aws_iam_policy')).toHaveLength(3);
    expect(Math.max(...sizes('aws_iam_policy'))).toBeLessThan(6_144);
  });

  it.each([
    [{ repository: 'us/*' }, 'GithubRoles.repository: got "us/*"; expected owner/name, without a pattern'],
    [{ repository: 'ours' }, 'GithubRoles.repository: got "ours"'],
    [
      { ownerId: 1 },
      'GithubRoles.repositoryId: got undefined with an ownerId of 1; expected both or neither',
    ],
    [{ ownerId: 0, repositoryId: 1 }, 'GithubRoles.ownerId: got 0; expected an integer of 1 or more'],
    [{ environment: '*' }, 'GithubRoles.environment: got "*"; expected the name of one environment'],
  ])('refuses %j', (props, message) => {
    expect(() => synth(props)).toThrow(message);
  });
});
