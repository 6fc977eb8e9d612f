import { ACCOUNT } from '../iam';
import type { Block } from '../synth';
import { HERE, named, text, type CallsByType } from './calls';

const topicOf = (block: Block): string =>
  `arn:aws:sns:${HERE}:${text(block.name) || text(block.arn ?? block.topic_arn).replace(/^.*:/u, '')}`;

export const MESSAGES: CallsByType = {
  aws_cloudwatch_event_rule: {
    arn: named(`arn:aws:events:${HERE}:rule/`),
    read: ['events:DescribeRule', 'events:ListTagsForResource'],
    create: ['events:PutRule', 'events:TagResource'],
    change: ['events:PutRule', 'events:DeleteRule', 'events:TagResource', 'events:UntagResource'],
  },
  aws_cloudwatch_event_target: {
    arn: named(`arn:aws:events:${HERE}:rule/`, 'rule'),
    read: ['events:ListTargetsByRule'],
    create: ['events:PutTargets'],
    change: ['events:PutTargets', 'events:RemoveTargets'],
  },
  aws_scheduler_schedule: {
    arn: named(`arn:aws:scheduler:${HERE}:schedule/default/`),
    read: ['scheduler:GetSchedule'],
    create: ['scheduler:CreateSchedule'],
    change: ['scheduler:UpdateSchedule', 'scheduler:DeleteSchedule'],
    context: () => ({ 'iam:PassedToService': 'scheduler.amazonaws.com' }),
    alsoCreate: [['iam:PassRole', `arn:aws:iam::${ACCOUNT}:role/test-job-schedule`]],
  },
  aws_sns_topic: {
    arn: topicOf,
    read: ['sns:GetTopicAttributes', 'sns:ListTagsForResource'],
    create: ['sns:CreateTopic', 'sns:TagResource'],
    change: ['sns:SetTopicAttributes', 'sns:DeleteTopic', 'sns:TagResource', 'sns:UntagResource'],
  },
  aws_sns_topic_policy: {
    arn: topicOf,
    read: ['sns:GetTopicAttributes'],
    create: ['sns:SetTopicAttributes'],
    change: ['sns:SetTopicAttributes'],
  },
  aws_sns_topic_subscription: {
    arn: (block) => `${topicOf(block)}:1234`,
    read: ['sns:GetSubscriptionAttributes'],
    create: ['sns:Subscribe'],
    change: ['sns:SetSubscriptionAttributes', 'sns:Unsubscribe'],
  },
  aws_sqs_queue: {
    arn: named(`arn:aws:sqs:${HERE}:`),
    read: ['sqs:GetQueueAttributes', 'sqs:ListQueueTags'],
    create: ['sqs:CreateQueue', 'sqs:TagQueue'],
    change: ['sqs:SetQueueAttributes', 'sqs:DeleteQueue', 'sqs:TagQueue', 'sqs:UntagQueue'],
  },
};
