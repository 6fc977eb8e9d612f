import { arnIn, type DeployedNames, type DeployPermissions } from './deployed-names';
import type { DeploymentTarget } from '../base/deployment-target';

/** A service's resources, whose ARNs hold their names. */
interface Service {
  readonly name: string;
  readonly arns: readonly string[];
  readonly read: readonly string[];
  readonly write: readonly string[];
}

/** The services whose resources carry the deployment's name: statements `LookAt…` and `Change…` of each. */
export function permissionsByName(target: DeploymentTarget, names: DeployedNames): DeployPermissions {
  const all = [...computing(target, names), ...messaging(target, names), ...watching(target, names)];
  return {
    read: all.map(({ name, arns, read }) => ({ sid: `LookAt${name}`, actions: read, resources: arns })),
    write: all.map(({ name, arns, write }) => ({
      sid: `Change${name}`,
      actions: write,
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
      read: [
        'lambda:GetAlias',
        'lambda:GetFunction*',
        'lambda:GetPolicy',
        'lambda:GetProvisionedConcurrencyConfig',
        'lambda:List*',
      ],
      write: [
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
      read: ['s3:Get*Configuration', 's3:GetBucket*', 's3:ListBucket', 's3:ListTagsForResource'],
      write: [
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
      read: [
        'dynamodb:DescribeContinuousBackups',
        'dynamodb:DescribeTable',
        'dynamodb:DescribeTimeToLive',
        'dynamodb:ListTagsOfResource',
      ],
      write: [
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
      read: [
        'iam:GetRole',
        'iam:GetRolePolicy',
        'iam:ListAttachedRolePolicies',
        'iam:ListInstanceProfilesForRole',
        'iam:ListRolePolicies',
        'iam:ListRoleTags',
      ],
      write: [
        'iam:DeleteRole',
        'iam:DeleteRolePolicy',
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
      read: ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:ListQueueTags'],
      write: [
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
      read: [
        'sns:GetSubscriptionAttributes',
        'sns:GetTopicAttributes',
        'sns:ListSubscriptionsByTopic',
        'sns:ListTagsForResource',
      ],
      write: [
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
      read: ['events:DescribeRule', 'events:ListTagsForResource', 'events:ListTargetsByRule'],
      write: [
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
      read: ['scheduler:GetSchedule'],
      write: ['scheduler:CreateSchedule', 'scheduler:DeleteSchedule', 'scheduler:UpdateSchedule'],
    },
  ];
}

function watching(target: DeploymentTarget, { namePrefix }: DeployedNames): Service[] {
  const arn = arnIn(target);
  return [
    {
      name: 'Logs',
      arns: [arn('logs', `log-group:/aws/*/${namePrefix}-*`)],
      read: ['logs:ListTagsForResource'],
      write: [
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
      read: ['cloudwatch:DescribeAlarms', 'cloudwatch:GetDashboard', 'cloudwatch:ListTagsForResource'],
      write: [
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
