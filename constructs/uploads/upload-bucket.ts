import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketNotification } from '@cdktf/provider-aws/lib/s3-bucket-notification';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import { dependable, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { lifecycleRules, type LifecycleProps } from './bucket-lifecycle';
import type { EncryptionKey } from '../keys/encryption-key';
import type { Grantee } from '../base/grantee';
import type { NodeFunction } from '../function/node-function';
import { denyInsecureTransport, policyDocument, type PolicyStatement } from '../base/policy';
import { refuseLoop, refuseOverlap, type PrefixPair } from './prefix-pair';
import type { NotificationTarget, UploadTrigger } from './upload-trigger';

export interface UploadBucketProps extends LifecycleProps {
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

/** A private, encrypted, TLS-only bucket whose uploads start functions that move them: one a pair of prefixes. */
export class UploadBucket extends Construct {
  readonly bucket: S3Bucket;
  private readonly pairs: PrefixPair[] = [];
  private readonly versioning: S3BucketVersioningA;
  private lifecycle: S3BucketLifecycleConfiguration | undefined;
  private notification: S3BucketNotification | undefined;
  private readonly targets: NotificationTarget[] = [];
  private readonly needed: ITerraformDependable[] = [];
  private readonly encryptionKey: EncryptionKey | undefined;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: UploadBucketProps,
  ) {
    super(scope, id);
    this.encryptionKey = props.encryptionKey;
    this.bucket = new S3Bucket(this, 'bucket', {
      bucket: props.name,
      bucketPrefix: props.name === undefined ? props.namePrefix : undefined,
      forceDestroy: props.forceDestroy ?? false,
    });
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

  /** Lets `grantee` move objects from the upload prefixes of some pairs to the processed ones, and nothing more. */
  grantMove(grantee: Grantee, pairs: readonly PrefixPair[]): void {
    this.encryptionKey?.grantUse(grantee);
    grantee.allow('move-uploads', this.moveStatements(pairs));
  }

  /** What a move needs, for the policy of a role or of an endpoint. */
  moveStatements(pairs: readonly PrefixPair[]): PolicyStatement[] {
    const objectsUnder = (prefixes: readonly string[]): string[] =>
      [...new Set(prefixes)].map((prefix) => `${this.bucket.arn}/${prefix}*`);
    const uploads = objectsUnder(pairs.map(({ upload }) => upload));
    const processedObjects = objectsUnder(pairs.map(({ processed }) => processed));
    const statements: PolicyStatement[] = [
      // Without it S3 answers 403 instead of 404 for a key that is gone, and a finished move looks like a failure.
      { sid: 'TellMissingFromForbidden', actions: ['s3:ListBucket'], resources: [this.bucket.arn] },
      {
        sid: 'TakeUploads',
        actions: ['s3:GetObject', 's3:GetObjectTagging', 's3:DeleteObject'],
        resources: uploads,
      },
      {
        sid: 'WriteProcessed',
        // Reading is what conditions on an existing object need; tags travel with a copy.
        actions: ['s3:GetObject', 's3:PutObject', 's3:PutObjectTagging', 's3:AbortMultipartUpload'],
        resources: processedObjects,
      },
    ];
    if (pairs.some(({ upload }) => upload === '')) {
      // Here TakeUploads covers the processed objects too; a refusal outweighs every permission.
      statements.push({
        sid: 'KeepProcessed',
        effect: 'Deny',
        actions: ['s3:DeleteObject'],
        resources: processedObjects,
      });
    }
    return statements;
  }

  /**
   * Lets `grantee` see which uploads there are, and keep a note of how far it has looked at `noteKey`.
   * What is uploaded it can neither read nor change.
   */
  grantSweep(grantee: Grantee, noteKey: string): void {
    grantee.allow('list-uploads', [
      // Not narrowed to the upload prefix: without the whole, a note that is not there yet answers 403 instead of 404.
      { sid: 'ListUploads', actions: ['s3:ListBucket'], resources: [this.bucket.arn] },
      {
        sid: 'KeepANote',
        actions: ['s3:GetObject', 's3:PutObject'],
        resources: [`${this.bucket.arn}/${noteKey}`],
      },
    ]);
  }

  /**
   * Starts `handler` for every object created under the upload prefixes of `pairs`, at least once. Call it last for each
   * handler: events flow as soon as the notification exists. A bucket has one notification configuration, which is made
   * from all calls together.
   * @param trigger the way from the bucket to the function
   */
  onUpload(handler: NodeFunction, pairs: readonly PrefixPair[], trigger: UploadTrigger): void {
    pairs.forEach((pair, index) => {
      refuseLoop(pair);
      refuseOverlap(pair, this.pairs);
      refuseOverlap(pair, pairs.slice(0, index), { sameFunction: true });
    });
    this.pairs.push(...pairs);
    this.expire();
    const { target, dependsOn } = trigger.bind(this, handler, pairs);
    this.targets.push(target);
    // S3 tests the permission when the notification is set; the rest is for the first event.
    this.needed.push(...dependsOn, ...handler.dependencies);
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
  encryptionKey === undefined
    ? { applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }
    : {
        applyServerSideEncryptionByDefault: {
          sseAlgorithm: 'aws:kms',
          kmsMasterKeyId: encryptionKey.key.arn,
        },
        bucketKeyEnabled: true,
      };
