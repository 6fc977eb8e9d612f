import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import { Testing } from 'cdktf';
import { AlarmTopic, type AlarmTopicProps } from '../../../constructs/health/alarm-topic';
import { onlyResource, parse, statements } from '../../support/synth';

const synth = (props: Partial<AlarmTopicProps> = {}): string =>
  Testing.synthScope((scope) => {
    new AlarmTopic(scope, 'topic', { topicName: 'test-alarms', ...props });
  });

const statement = (sid: string) => statements(synth()).find(({ Sid }) => Sid === sid);
const ONLY_OUR_ALARMS = {
  StringEquals: { 'aws:SourceAccount': expect.stringContaining('.account_id}') as string },
  ArnLike: { 'aws:SourceArn': expect.stringMatching(/^arn:.*:cloudwatch:.*:alarm:\*$/u) as string },
};

describe('AlarmTopic', () => {
  it('is encrypted with a rotated key of its own: with SNS’s own key, alarms could not publish', () => {
    const synthesized = synth();
    const [key] = Object.keys(parse(synthesized).resource.aws_kms_key ?? {});

    expect(synthesized).toHaveResourceWithProperties(KmsKey, { enable_key_rotation: true });
    expect(synthesized).toHaveResourceWithProperties(SnsTopic, {
      name: 'test-alarms',
      kms_master_key_id: `\${aws_kms_key.${key ?? ''}.arn}`,
    });
  });

  it('lets alarms of this account use the key, and no others', () => {
    expect(statement('LetAlarmsEncrypt')).toMatchObject({
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Condition: ONLY_OUR_ALARMS,
    });
  });

  it('lets the account administer the key but nobody read with it', () => {
    const { Action = [], Principal } = statement('LetTheAccountAdminister') ?? {};

    expect(Principal).toEqual({ AWS: expect.stringMatching(/:root$/u) as string });
    expect(Action).toContain('kms:PutKeyPolicy');
    expect(Action).not.toContainEqual(expect.stringMatching(/Decrypt|Encrypt|DataKey|\*/u));
  });

  it('lets alarms of this account publish, and refuses whatever does not come over TLS', () => {
    expect(statement('LetAlarmsPublish')).toMatchObject({
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: ['sns:Publish'],
      Condition: ONLY_OUR_ALARMS,
    });
    expect(statement('DenyInsecureTransport')).toMatchObject({
      Effect: 'Deny',
      Principal: '*',
      Action: ['sns:Publish'],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
  });

  it('writes to nobody unless told, and then to each', () => {
    expect(parse(synth()).resource.aws_sns_topic_subscription).toBeUndefined();
    expect(synth({ emails: ['a@example.com'] })).toHaveResourceWithProperties(SnsTopicSubscription, {
      protocol: 'email',
      endpoint: 'a@example.com',
    });
  });

  it('keeps a subscription where another is added: it would have to be confirmed again', () => {
    const addresses = (emails: string[]) =>
      Object.keys(parse(synth({ emails })).resource.aws_sns_topic_subscription ?? {});

    expect(addresses(['b@example.com', 'a@example.com'])).toEqual(
      expect.arrayContaining(addresses(['a@example.com'])),
    );
  });

  it('attaches its policy to its topic', () => {
    expect(onlyResource(synth(), 'aws_sns_topic_policy').arn).toMatch(/^\$\{aws_sns_topic\..*\.arn\}$/u);
  });
});
