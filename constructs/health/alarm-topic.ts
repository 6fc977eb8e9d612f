import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import { Construct } from 'constructs';
import { DeploymentTarget } from '../base/deployment-target';
import { denyInsecureTransport, policyDocument, type PolicyStatement } from '../base/policy';

export interface AlarmTopicProps {
  /** Up to 256 letters, digits, hyphens and underscores. */
  readonly topicName: string;
  /** Who gets an e-mail; each must confirm once, by a link in the first. @default nobody */
  readonly emails?: readonly string[];
}

/**
 * Where alarms report: a topic that only CloudWatch's alarms of this account can publish to, encrypted with a key of
 * its own, because the key policy of `alias/aws/sns` cannot be changed to let CloudWatch in, and its alarms would then
 * fail without a sound. A key costs 1 USD a month.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 */
export class AlarmTopic extends Construct {
  readonly topic: SnsTopic;

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    const { topicName, emails = [] } = props;
    const { accountId, partition, region } = DeploymentTarget.of(this);
    const onlyOurAlarms = {
      StringEquals: { 'aws:SourceAccount': accountId },
      ArnLike: { 'aws:SourceArn': `arn:${partition}:cloudwatch:${region}:${accountId}:alarm:*` },
    };
    const alarms = { Service: 'cloudwatch.amazonaws.com' };

    const key = new KmsKey(this, 'key', {
      description: `Encrypts what is published to the SNS topic ${topicName}`,
      enableKeyRotation: true,
      policy: policyDocument([
        administration(`arn:${partition}:iam::${accountId}:root`),
        {
          sid: 'LetAlarmsEncrypt',
          principal: alarms,
          actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
          resources: ['*'], // in a key's policy: this key
          conditions: onlyOurAlarms,
        },
      ]),
    });
    this.topic = new SnsTopic(this, 'topic', { name: topicName, kmsMasterKeyId: key.arn });
    new SnsTopicPolicy(this, 'policy', {
      arn: this.topic.arn,
      policy: policyDocument([
        {
          sid: 'LetAlarmsPublish',
          principal: alarms,
          actions: ['sns:Publish'],
          resources: [this.topic.arn],
          conditions: onlyOurAlarms,
        },
        denyInsecureTransport('sns:Publish', [this.topic.arn]),
      ]),
    });
    for (const email of emails) {
      new SnsTopicSubscription(this, `email-${email}`, {
        topicArn: this.topic.arn,
        protocol: 'email',
        endpoint: email,
      });
    }
  }
}

/**
 * Lets IAM's policies of the account decide who manages the key; without it nobody could ever change it again.
 * Nothing here reads what the key protects. https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
const administration = (account: string): PolicyStatement => ({
  sid: 'LetTheAccountAdminister',
  principal: { AWS: account },
  actions: [
    'kms:CancelKeyDeletion',
    'kms:DescribeKey',
    'kms:DisableKey',
    'kms:DisableKeyRotation',
    'kms:EnableKey',
    'kms:EnableKeyRotation',
    'kms:GetKeyPolicy',
    'kms:GetKeyRotationStatus',
    'kms:ListKeyPolicies',
    'kms:ListResourceTags',
    'kms:PutKeyPolicy',
    'kms:ScheduleKeyDeletion',
    'kms:TagResource',
    'kms:UntagResource',
    'kms:UpdateKeyDescription',
  ],
  resources: ['*'], // in a key's policy: this key
});
