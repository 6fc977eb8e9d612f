import { arnIn, type DeployedNames, type DeployPermissions } from './deployed-names';
import type { DeploymentTarget } from '../base/deployment-target';

/** A service's resources, whose ARNs hold their names. */
interface Service {
  readonly name: string;
  readonly arns: readonly string[];
  readonly look: readonly string[];
  readonly change: readonly string[];
}

/** The services whose resources carry the deployment's name: statements `LookAt…` and `Change…` of each. */
export function permissionsByName(target: DeploymentTarget, names: DeployedNames): DeployPermissions {
  const all = [...computing(target, names), ...messaging(target, names), ...watching(target, names)];
  return {
    look: all.map(({ name, arns, look }) => ({ sid: `LookAt${name}`, actions: look, resources: arns })),
    change: all.map(({ name, arns, change }) => ({
      sid: `Change${name}`,
      actions: change,
      resources: arns,
    })),
  };
}

function computing(target: DeploymentTarget, { namePrefix, bucketName }: DeployedNames): Service[] {
  const arn = arnIn(target);
  return [
    {
      name: 'Functions',
      arns: [arn('lambda', `function:${namePrefix}-*`)],
      look: [
        'lambda:GetAlias',
        'lambda:GetFunction*',
        'lambda:GetPolicy',
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
      // The bucket itself: its objects have ARNs of their own, which are not here. To look whether it is there takes
      // s3:ListBucket, which lists its keys too.
      name: 'Buckets',
      arns: [`${namePrefix}-*`, ...(bucketName === undefined ? [] : [bucketName])].map((name) =>
        arn('s3', name, ':'),
      ),
      look: ['s3:Get*Configuration', 's3:GetBucket*', 's3:ListBucket', 's3:ListTagsForResource'],
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
      // The table itself, not its items.
      name: 'Tables',
      arns: [arn('dynamodb', `table/${namePrefix}-*`)],
      look: [
        'dynamodb:DescribeContinuousBackups',
        'dynamodb:DescribeTable',
        'dynamodb:DescribeTimeToLive',
        'dynamodb:ListTagsOfResource',
      ],
      change: [
        'dynamodb:CreateTable',
        'dynamodb:DeleteTable',
        'dynamodb:TagResource',
        'dynamodb:UntagResource',
        'dynamodb:UpdateContinuousBackups',
        'dynamodb:UpdateTable',
        'dynamodb:UpdateTimeToLive',
      ],
    },
    {
      name: 'Roles',
      arns: [arn('iam', `role/${namePrefix}-*`, `:${target.accountId}`)],
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
        'iam:UpdateRoleDescription',
      ],
    },
  ];
}

function messaging(target: DeploymentTarget, { namePrefix }: DeployedNames): Service[] {
  const arn = arnIn(target);
  return [
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
      // A subscription's ARN is that of its topic, and an id.
      name: 'Topics',
      arns: [arn('sns', `${namePrefix}-*`)],
      look: [
        'sns:GetSubscriptionAttributes',
        'sns:GetTopicAttributes',
        'sns:ListSubscriptionsByTopic',
        'sns:ListTagsForResource',
      ],
      change: [
        'sns:CreateTopic',
        'sns:DeleteTopic',
        'sns:SetSubscriptionAttributes',
        'sns:SetTopicAttributes',
        'sns:Subscribe',
        'sns:TagResource',
        'sns:Unsubscribe',
        'sns:UntagResource',
      ],
    },
    {
      name: 'Rules',
      arns: [arn('events', `rule/${namePrefix}-*`)],
      look: ['events:DescribeRule', 'events:ListTagsForResource', 'events:ListTargetsByRule'],
      change: [
        'events:DeleteRule',
        'events:PutRule',
        'events:PutTargets',
        'events:RemoveTargets',
        'events:TagResource',
        'events:UntagResource',
      ],
    },
    {
      name: 'Schedules',
      arns: [arn('scheduler', `schedule/default/${namePrefix}-*`)],
      look: ['scheduler:GetSchedule'],
      change: ['scheduler:CreateSchedule', 'scheduler:DeleteSchedule', 'scheduler:UpdateSchedule'],
    },
  ];
}

function watching(target: DeploymentTarget, { namePrefix }: DeployedNames): Service[] {
  const arn = arnIn(target);
  return [
    {
      name: 'Logs',
      arns: [arn('logs', `log-group:/aws/*/${namePrefix}-*`)],
      look: ['logs:ListTagsForResource'],
      change: [
        'logs:AssociateKmsKey',
        'logs:CreateLogGroup',
        'logs:DeleteLogGroup',
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
        arn('cloudwatch', `dashboard/${namePrefix}`, `:${target.accountId}`),
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
  ];
}
