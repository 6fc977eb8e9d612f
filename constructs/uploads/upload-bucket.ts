import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketNotification } from '@cdktf/provider-aws/lib/s3-bucket-notification';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import { Construct } from 'constructs';
import { lifecycleRules, type LifecycleProps } from './bucket-lifecycle';
import { DirectTrigger } from './direct-trigger';
import type { EncryptionKey } from '../keys/encryption-key';
import type { Grantee } from '../base/grantee';
import type { NodeFunction } from '../function/node-function';
import { denyInsecureTransport, policyDocument, type PolicyStatement } from '../base/policy';
import { refuseLoop, type PrefixPair } from './prefix-pair';
import type { UploadTrigger } from './upload-trigger';

export interface UploadBucketProps extends LifecycleProps {
  /** Full name of the bucket. @default `namePrefix` and a suffix that Terraform makes unique */
  readonly name?: string;
  /** Start of the name where `name` is left out; up to 37 lower-case letters, digits and hyphens. */
  readonly namePrefix: string;
  readonly prefixes: PrefixPair;
  /** Keeps what is replaced or deleted as an older version. @default true */
  readonly versioning?: boolean;
  /** Lets a destroy delete the bucket with everything in it. @default false */
  readonly forceDestroy?: boolean;
  /** Encrypts every object. @default S3's own key */
  readonly encryptionKey?: EncryptionKey;
}

/** A private, encrypted, TLS-only bucket whose uploads start a function that moves them. */
export class UploadBucket extends Construct {
  readonly bucket: S3Bucket;
  readonly prefixes: PrefixPair;
  private readonly encryptionKey: EncryptionKey | undefined;
  private resubmits: ((grantee: Grantee) => void) | undefined;

  constructor(scope: Construct, id: string, props: UploadBucketProps) {
    super(scope, id);
    refuseLoop(props.prefixes);
    this.prefixes = props.prefixes;
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
    const versioning = new S3BucketVersioningA(this, 'versioning', {
      bucket,
      versioningConfiguration: { status: (props.versioning ?? true) ? 'Enabled' : 'Suspended' },
    });
    new S3BucketPolicy(this, 'policy', {
      bucket,
      policy: policyDocument([denyInsecureTransport('s3:*', [this.bucket.arn, `${this.bucket.arn}/*`])]),
      dependsOn: [block], // S3 answers 409 to two changes of a bucket's access at a time
    });
    const rule = lifecycleRules(props, props.prefixes.processed);
    if (rule.length > 0) {
      // Rules on older versions are refused before the bucket keeps any.
      new S3BucketLifecycleConfiguration(this, 'lifecycle', { bucket, rule, dependsOn: [versioning] });
    }
  }

  /** Lets `grantee` move objects from the upload prefix to the processed prefix, and nothing more. */
  grantMove(grantee: Grantee): void {
    this.encryptionKey?.grantUse(grantee);
    grantee.allow('move-uploads', this.moveStatements());
  }

  /** What a move needs, for the policy of a role or of an endpoint. */
  moveStatements(): PolicyStatement[] {
    const { upload, processed } = this.prefixes;
    const uploads = `${this.bucket.arn}/${upload}*`;
    const processedObjects = `${this.bucket.arn}/${processed}*`;
    const statements: PolicyStatement[] = [
      // Without it S3 answers 403 instead of 404 for a key that is gone, and a finished move looks like a failure.
      { sid: 'TellMissingFromForbidden', actions: ['s3:ListBucket'], resources: [this.bucket.arn] },
      {
        sid: 'TakeUploads',
        actions: ['s3:GetObject', 's3:GetObjectTagging', 's3:DeleteObject'],
        resources: [uploads],
      },
      {
        sid: 'WriteProcessed',
        // Reading is what conditions on an existing object need; tags travel with a copy.
        actions: ['s3:GetObject', 's3:PutObject', 's3:PutObjectTagging', 's3:AbortMultipartUpload'],
        resources: [processedObjects],
      },
    ];
    if (upload === '') {
      // Here TakeUploads covers the processed objects too; a refusal outweighs every permission.
      statements.push({
        sid: 'KeepProcessed',
        effect: 'Deny',
        actions: ['s3:DeleteObject'],
        resources: [processedObjects],
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
   * Starts `handler` for every object created under the upload prefix, at least once.
   * Call it last: a bucket has one notification configuration, and events flow as soon as it exists.
   * @param trigger the way from the bucket to the function
   */
  onUpload(handler: NodeFunction, trigger: UploadTrigger = new DirectTrigger()): void {
    const { target, dependsOn } = trigger.bind(this, handler);
    new S3BucketNotification(this, 'notification', {
      bucket: this.bucket.id,
      ...target,
      // S3 tests the permission when the notification is set; the rest is for the first event.
      dependsOn: [...dependsOn, ...handler.dependencies],
    });
    this.resubmits = (grantee) => {
      if (trigger.grantResubmit) trigger.grantResubmit(grantee);
      else handler.grantInvoke(grantee);
    };
  }

  /**
   * Lets `grantee` hand an upload to the function once more: by the queue, where S3 notifies one.
   * @throws Error before `onUpload`
   */
  grantResubmit(grantee: Grantee): void {
    if (this.resubmits) this.resubmits(grantee);
    else throw new Error('UploadBucket.grantResubmit: expected after onUpload, which says where uploads go.');
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
