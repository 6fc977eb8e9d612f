import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketNotification } from '@cdktf/provider-aws/lib/s3-bucket-notification';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import { dependable, type ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { lifecycleRules, type LifecycleProps } from './bucket-lifecycle';
import type { EncryptionKey } from '../keys/encryption-key';
import type { Grantee } from '../base/grantee';
import { denyInsecureTransport, policyDocument } from '../base/policy';
import { UploadBucket } from './upload-bucket';
import type { NotificationTarget } from './upload-trigger';

export interface OwnBucketProps extends LifecycleProps {
  /** Full name of the bucket. @default `namePrefix` and a suffix that Terraform makes unique */
  readonly name?: string;
  /** Start of the name where `name` is left out; up to 37 lower-case letters, digits and hyphens. */
  readonly namePrefix: string;
  /** Keeps what is replaced or deleted as an older version. @default true */
  readonly versioning?: boolean;
  /** Lets a destroy delete the bucket with everything in it. @default false */
  readonly forceDestroy?: boolean;
  /** Encrypts every object. @default S3's own key */
  readonly encryptionKey?: EncryptionKey;
}

/** A private, encrypted, TLS-only bucket that the stack makes. */
export class OwnBucket extends UploadBucket {
  readonly bucket: S3Bucket;
  readonly bucketName: string;
  readonly bucketArn: string;
  private readonly versioning: S3BucketVersioningA;
  private lifecycle: S3BucketLifecycleConfiguration | undefined;
  private notification: S3BucketNotification | undefined;
  private readonly targets: NotificationTarget[] = [];
  private readonly needed: ITerraformDependable[] = [];
  private readonly encryptionKey: EncryptionKey | undefined;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: OwnBucketProps,
  ) {
    super(scope, id);
    this.encryptionKey = props.encryptionKey;
    this.bucket = new S3Bucket(this, 'bucket', {
      bucket: props.name,
      bucketPrefix: props.name === undefined ? props.namePrefix : undefined,
      forceDestroy: props.forceDestroy ?? false,
    });
    this.bucketName = this.bucket.bucket;
    this.bucketArn = this.bucket.arn;
    const bucket = this.bucket.id;

    const block = new S3BucketPublicAccessBlock(this, 'public-access-block', {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, 'ownership', {
      bucket,
      rule: { objectOwnership: 'BucketOwnerEnforced' },
    });
    new S3BucketServerSideEncryptionConfigurationA(this, 'encryption', {
      bucket,
      rule: [encryptionRule(props.encryptionKey)],
    });
    this.versioning = new S3BucketVersioningA(this, 'versioning', {
      bucket,
      versioningConfiguration: { status: (props.versioning ?? true) ? 'Enabled' : 'Suspended' },
    });
    new S3BucketPolicy(this, 'policy', {
      bucket,
      policy: policyDocument([denyInsecureTransport('s3:*', [this.bucket.arn, `${this.bucket.arn}/*`])]),
      dependsOn: [block], // S3 answers 409 to two changes of a bucket's access at a time
    });
    this.expire();
  }

  protected grantKey(grantee: Grantee): void {
    this.encryptionKey?.grantUse(grantee);
  }

  /** A bucket has one notification configuration, which is made of all targets together. */
  announce(target: NotificationTarget, dependsOn: readonly ITerraformDependable[]): void {
    this.expire();
    this.targets.push(target);
    this.needed.push(...dependsOn);
    this.notify();
  }

  /** The one notification that a bucket has, of all targets so far. */
  private notify(): void {
    this.notification ??= new S3BucketNotification(this, 'notification', { bucket: this.bucket.id });
    const { notification, targets } = this;
    const lambdaFunction = targets.flatMap((target) => target.lambdaFunction ?? []);
    const queue = targets.flatMap((target) => target.queue ?? []);
    const topic = targets.flatMap((target) => target.topic ?? []);
    if (lambdaFunction.length > 0) notification.putLambdaFunction(lambdaFunction);
    if (queue.length > 0) notification.putQueue(queue);
    if (topic.length > 0) notification.putTopic(topic);
    if (targets.some(({ eventbridge }) => eventbridge)) notification.eventbridge = true;
    notification.dependsOn = [...new Set(this.needed.map((one) => dependable(one)))];
  }

  /** The lifecycle rules, as far as they are known by now. */
  private expire(): void {
    const rule = lifecycleRules(this.props, [...new Set(this.pairs.map(({ processed }) => processed))]);
    if (this.lifecycle !== undefined) {
      this.lifecycle.putRule(rule);
    } else if (rule.length > 0) {
      this.lifecycle = new S3BucketLifecycleConfiguration(this, 'lifecycle', {
        bucket: this.bucket.id,
        rule,
        dependsOn: [this.versioning], // rules on older versions are refused before the bucket keeps any
      });
    }
  }
}

/** A bucket key saves a request to KMS for nearly every object. https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html */
const encryptionRule = (encryptionKey: EncryptionKey | undefined) =>
  encryptionKey?.forNewData === undefined
    ? { applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }
    : {
        applyServerSideEncryptionByDefault: {
          sseAlgorithm: 'aws:kms',
          kmsMasterKeyId: encryptionKey.forNewData,
        },
        bucketKeyEnabled: true,
      };
