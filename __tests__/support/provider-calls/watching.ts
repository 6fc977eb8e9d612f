import { ACCOUNT } from '../iam';
import { always, HERE, named, type CallsByType } from './calls';

export const WATCHING: CallsByType = {
  aws_cloudwatch_dashboard: {
    arn: named(`arn:aws:cloudwatch::${ACCOUNT}:dashboard/`, 'dashboard_name'),
    read: ['cloudwatch:GetDashboard'],
    create: ['cloudwatch:PutDashboard'],
    change: ['cloudwatch:PutDashboard', 'cloudwatch:DeleteDashboards'],
  },
  aws_cloudwatch_log_group: {
    arn: named(`arn:aws:logs:${HERE}:log-group:`),
    read: ['logs:DescribeLogGroups', 'logs:ListTagsForResource'],
    create: ['logs:CreateLogGroup', 'logs:PutRetentionPolicy', 'logs:TagResource'],
    change: [
      'logs:AssociateKmsKey',
      'logs:DisassociateKmsKey',
      'logs:PutRetentionPolicy',
      'logs:DeleteLogGroup',
      'logs:TagResource',
      'logs:UntagResource',
    ],
  },
  aws_cloudwatch_metric_alarm: {
    arn: named(`arn:aws:cloudwatch:${HERE}:alarm:`, 'alarm_name'),
    read: ['cloudwatch:DescribeAlarms', 'cloudwatch:ListTagsForResource'],
    create: ['cloudwatch:PutMetricAlarm', 'cloudwatch:TagResource'],
    change: [
      'cloudwatch:PutMetricAlarm',
      'cloudwatch:DeleteAlarms',
      'cloudwatch:TagResource',
      'cloudwatch:UntagResource',
    ],
  },
  aws_cloudwatch_query_definition: {
    arn: always('*'),
    read: ['logs:DescribeQueryDefinitions'],
    create: ['logs:PutQueryDefinition'],
    change: ['logs:PutQueryDefinition', 'logs:DeleteQueryDefinition'],
  },
};
