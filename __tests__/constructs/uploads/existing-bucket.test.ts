import { Testing } from 'cdktf';
import type { Construct } from 'constructs';
import { FailureQueue } from '../../../constructs/failures/failure-queue';
import { DirectTrigger } from '../../../constructs/uploads/direct-trigger';
import { EventBridgeTrigger } from '../../../constructs/uploads/event-bridge-trigger';
import { ExistingBucket, type ExistingBucketProps } from '../../../constructs/uploads/existing-bucket';
import { QueueTrigger } from '../../../constructs/uploads/queue-trigger';
import { TopicTrigger } from '../../../constructs/uploads/topic-trigger';
import type { UploadTrigger } from '../../../constructs/uploads/upload-trigger';
import { nodeFunction, PREFIXES } from '../../support/mover';
import { onlyResource, parse, statements } from '../../support/synth';

const KEY = 'arn:aws:kms:us-east-1:123456789012:key/1234';
const BUCKET_ARN = 'arn:aws:s3:::team-data';

type MakeTrigger = (scope: Construct, failures: FailureQueue) => UploadTrigger;
const eventBridge: MakeTrigger = (scope, failures) =>
  new EventBridgeTrigger(scope, 'rule', { ruleName: 'test-uploads', failures });

const synth = (props: Partial<ExistingBucketProps> = {}, makeTrigger = eventBridge): string =>
  inPlace((scope) => {
    const failures = new FailureQueue(scope, 'failures', { queueName: 'test-failures' });
    const uploads = new ExistingBucket(scope, 'uploads', { name: 'team-data', ...props });
    const mover = nodeFunction(scope);
    uploads.grantMove(mover, [PREFIXES]);
    uploads.grantSweep(nodeFunction(scope, 'sweep'), 'note');
    uploads.onUpload(mover, [PREFIXES], makeTrigger(scope, failures));
  });

/** The synthesized JSON with the partition of `aws` in it. */
const inPlace = (build: (scope: Construct) => void): string =>
  Testing.synthScope(build).replaceAll(/\$\{data\.aws_partition\.[^}]*\.partition\}/gu, 'aws');

const keyUse = (synthesized: string) => statements(synthesized).filter(({ Sid }) => Sid === 'UseBucketKey');

describe('ExistingBucket', () => {
  it('makes nothing of the bucket, and changes nothing of it', () => {
    const types = Object.keys(parse(synth()).resource);

    expect(types).toContain('aws_cloudwatch_event_rule');
    expect(types.filter((type) => type.startsWith('aws_s3'))).toEqual([]);
  });

  it('hears of uploads below the prefix through EventBridge', () => {
    const { event_pattern } = onlyResource(synth(), 'aws_cloudwatch_event_rule');

    expect(JSON.parse(event_pattern as string)).toMatchObject({
      detail: { bucket: { name: ['team-data'] }, object: { key: [{ prefix: 'uploads/' }] } },
    });
  });

  it.each<[string, MakeTrigger]>([
    ['the function', (scope) => new DirectTrigger(scope)],
    [
      'a queue',
      (scope, failures) => new QueueTrigger(scope, 'queue', { queueName: 'test-uploads', failures }),
    ],
    [
      'a topic',
      (scope, failures) => new TopicTrigger(scope, 'topic', { topicName: 'test-uploads', failures }),
    ],
  ])('refuses to have the bucket itself notify %s, and says why', (_, makeTrigger) => {
    expect(() => synth({}, makeTrigger)).toThrow(
      /team-data notify .* expected an EventBridgeTrigger: a bucket has one notification configuration, and Terraform would replace all of it/u,
    );
  });

  it('grants access to that bucket alone', () => {
    const resources = statements(synth())
      .filter(({ Action }) => Action.some((action) => action.startsWith('s3:')))
      .flatMap(({ Resource = [] }) => Resource);

    expect(resources.length).toBeGreaterThan(3);
    expect(resources.filter((arn) => arn !== BUCKET_ARN && !arn.startsWith(`${BUCKET_ARN}/`))).toEqual([]);
  });

  it('lets mover and sweep use the key for their own objects, by way of S3 only', () => {
    const [mover, sweep] = keyUse(synth({ kmsKeyArn: KEY }));

    expect(keyUse(synth())).toEqual([]);
    expect(mover).toMatchObject({
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: [KEY],
      Condition: {
        StringEquals: {
          'kms:ViaService': expect.stringMatching(
            /^s3\.\$\{data\.aws_region.*\}\.\$\{data\.aws_partition.*\.dns_suffix\}$/u,
          ) as string,
        },
        StringLike: {
          'kms:EncryptionContext:aws:s3:arn': [
            BUCKET_ARN,
            `${BUCKET_ARN}/uploads/*`,
            `${BUCKET_ARN}/processed/*`,
          ],
        },
      },
    });
    expect(sweep).toMatchObject({
      Condition: {
        StringLike: { 'kms:EncryptionContext:aws:s3:arn': [BUCKET_ARN, `${BUCKET_ARN}/note`] },
      },
    });
  });
});
