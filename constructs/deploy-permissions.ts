import type { DeploymentTarget } from './deployment-target';
import type { PolicyStatement } from './policy';

/** A state file in S3. */
export interface StateLocation {
  readonly bucket: string;
  readonly key: string;
}

export interface DeployedNames {
  /** Start of the names of everything that is deployed. */
  readonly namePrefix: string;
  readonly state?: StateLocation | undefined;
}

/** What a service's resources are called, and what is done to them beside looking. Never what is in them. */
interface Service {
  readonly name: string;
  readonly arns: readonly string[];
  readonly look: readonly string[];
  readonly change: readonly string[];
}

/** The services whose resources carry the stack's name. */
function services({ partition, region, accountId }: DeploymentTarget, namePrefix: string): Service[] {
  const arn = (service: string, resource: string): string =>
    `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
  return [
    {
      name: 'Functions',
      arns: [arn('lambda', `function:${namePrefix}-*`)],
      look: [
        'lambda:GetFunction*',
        'lambda:GetPolicy',
        'lambda:GetAlias',
        'lambda:GetProvisionedConcurrencyConfig',
        'lambda:List*',
      ],
      change: [
        'lambda:AddPermission',
        'lambda:CreateAlias',
        'lambda:CreateFunction',
        'lambda:Delete*',
        'lambda:PublishVersion',
        'lambda:Put*',
        'lambda:RemovePermission',
        'lambda:TagResource',
        'lambda:UntagResource',
        'lambda:Update*',
      ],
    },
    {
      // The bucket itself: its objects have ARNs of their own, which are not here.
      name: 'Buckets',
      arns: [`arn:${partition}:s3:::${namePrefix}-*`],
      look: [
        's3:Get*Configuration',
        's3:GetAccelerateConfiguration',
        's3:GetBucket*',
        's3:ListBucket',
        's3:ListTagsForResource',
      ],
      change: [
        's3:CreateBucket',
        's3:DeleteBucket',
        's3:DeleteBucketPolicy',
        's3:Put*Configuration',
        's3:PutBucket*',
        's3:TagResource',
        's3:UntagResource',
      ],
    },
    {
      name: 'Queues',
      arns: [arn('sqs', `${namePrefix}-*`)],
      look: ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:ListQueueTags'],
      change: [
        'sqs:CreateQueue',
        'sqs:DeleteQueue',
        'sqs:SetQueueAttributes',
        'sqs:TagQueue',
        'sqs:UntagQueue',
      ],
    },
    {
      name: 'Logs',
      arns: [arn('logs', `log-group:/aws/*/${namePrefix}-*`)],
      look: ['logs:ListTagsForResource', 'logs:ListTagsLogGroup'],
      change: [
        'logs:AssociateKmsKey',
        'logs:CreateLogGroup',
        'logs:DeleteLogGroup',
        'logs:DeleteRetentionPolicy',
        'logs:DisassociateKmsKey',
        'logs:PutRetentionPolicy',
        'logs:TagResource',
        'logs:UntagResource',
      ],
    },
    {
      name: 'Alarms',
      arns: [
        arn('cloudwatch', `alarm:${namePrefix}-*`),
        `arn:${partition}:cloudwatch::${accountId}:dashboard/${namePrefix}*`,
      ],
      look: ['cloudwatch:DescribeAlarms', 'cloudwatch:GetDashboard', 'cloudwatch:ListTagsForResource'],
      change: [
        'cloudwatch:DeleteAlarms',
        'cloudwatch:DeleteDashboards',
        'cloudwatch:PutDashboard',
        'cloudwatch:PutMetricAlarm',
        'cloudwatch:TagResource',
        'cloudwatch:UntagResource',
      ],
    },
    {
      name: 'Topics',
      arns: [arn('sns', `${namePrefix}-*`)],
      look: ['sns:GetTopicAttributes', 'sns:ListSubscriptionsByTopic', 'sns:ListTagsForResource'],
      change: [
        'sns:CreateTopic',
        'sns:DeleteTopic',
        'sns:SetTopicAttributes',
        'sns:Subscribe',
        'sns:TagResource',
        'sns:UntagResource',
      ],
    },
    {
      name: 'Roles',
      arns: [`arn:${partition}:iam::${accountId}:role/${namePrefix}-*`],
      look: [
        'iam:GetRole',
        'iam:GetRolePolicy',
        'iam:ListAttachedRolePolicies',
        'iam:ListInstanceProfilesForRole',
        'iam:ListRolePolicies',
        'iam:ListRoleTags',
      ],
      change: [
        'iam:CreateRole',
        'iam:DeleteRole',
        'iam:DeleteRolePolicy',
        'iam:PutRolePolicy',
        'iam:TagRole',
        'iam:UntagRole',
        'iam:UpdateAssumeRolePolicy',
        'iam:UpdateRole',
      ],
    },
  ];
}

/** What a plan has to see: what there is, never what is in it. */
export function planStatements(
  target: DeploymentTarget,
  { namePrefix, state }: DeployedNames,
): PolicyStatement[] {
  const { partition, region, accountId } = target;
  return [
    ...services(target, namePrefix).map(({ name, arns, look }) => ({
      sid: `LookAt${name}`,
      actions: look,
      resources: arns,
    })),
    {
      // It has no narrower resource: the provider lists by prefix, and AWS checks that against all groups.
      sid: 'FindLogGroups',
      actions: ['logs:DescribeLogGroups'],
      resources: [`arn:${partition}:logs:${region}:${accountId}:log-group:*`],
    },
    {
      sid: 'LookAtGithub',
      actions: ['iam:GetOpenIDConnectProvider'],
      resources: [`arn:${partition}:iam::${accountId}:oidc-provider/token.actions.githubusercontent.com`],
    },
    ...stateStatements(partition, state, ['s3:GetObject']),
  ];
}

/** What a deployment does beside looking. */
export function deployStatements(target: DeploymentTarget, names: DeployedNames): PolicyStatement[] {
  const { partition, accountId } = target;
  const { namePrefix, state } = names;
  const role = (name: string): string => `arn:${partition}:iam::${accountId}:role/${namePrefix}-${name}`;
  return [
    ...planStatements(target, { namePrefix }),
    ...services(target, namePrefix).map(({ name, arns, change }) => ({
      sid: `Change${name}`,
      actions: change,
      resources: arns,
    })),
    {
      sid: 'GiveRolesToFunctions',
      actions: ['iam:PassRole'],
      resources: [role('*')],
      conditions: {
        StringEquals: {
          'iam:PassedToService': [
            'lambda.amazonaws.com',
            'apigateway.amazonaws.com',
            'scheduler.amazonaws.com',
          ],
        },
      },
    },
    {
      // Or whoever can merge could give the deployment whatever rights it lacks.
      sid: 'KeepTheseRoles',
      effect: 'Deny',
      actions: ['iam:AttachRolePolicy', 'iam:Delete*', 'iam:PassRole', 'iam:Put*', 'iam:Update*'],
      resources: [role('github-plan'), role('github-deploy')],
    },
    ...stateStatements(partition, state, ['s3:GetObject', 's3:PutObject'], ['s3:DeleteObject']),
  ];
}

/** The state file, and its lock file beside it. https://developer.hashicorp.com/terraform/language/backend/s3#permissions-required */
function stateStatements(
  partition: string,
  state: StateLocation | undefined,
  actions: readonly string[],
  lockActions: readonly string[] = [],
): PolicyStatement[] {
  if (state === undefined) return [];
  const bucket = `arn:${partition}:s3:::${state.bucket}`;
  const object = `${bucket}/${state.key}`;
  const statements: PolicyStatement[] = [
    { sid: 'FindState', actions: ['s3:ListBucket'], resources: [bucket] },
    { sid: 'UseState', actions, resources: [object] },
  ];
  if (lockActions.length > 0) {
    statements.push({
      sid: 'LockState',
      actions: [...actions, ...lockActions],
      resources: [`${object}.tflock`],
    });
  }
  return statements;
}
