import type { Construct } from 'constructs';
import { DeploymentTarget } from '../base/deployment-target';
import type { Grantee } from '../base/grantee';
import type { PolicyStatement } from '../base/policy';
import type { NotificationTarget } from './upload-trigger';
import { UploadBucket } from './upload-bucket';

export interface ExistingBucketProps {
  /** In this account and region, for EventBridge tells of its objects only there. */
  readonly name: string;
  /** The KMS key that encrypts its objects. @default S3's own key */
  readonly kmsKeyArn?: string | undefined;
}

/** What reading and writing encrypted objects takes. */
const USE = ['kms:Decrypt', 'kms:GenerateDataKey'];

/**
 * A bucket that its owner keeps: the stack makes nothing of it and changes nothing of it. Uploads are heard of through
 * EventBridge, a switch of the whole bucket that its owner turns on once for every pipeline.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-event-notifications-eventbridge.html
 */
export class ExistingBucket extends UploadBucket {
  readonly bucketName: string;
  readonly bucketArn: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ExistingBucketProps,
  ) {
    super(scope, id);
    this.bucketName = props.name;
    this.bucketArn = `arn:${DeploymentTarget.of(this).partition}:s3:::${props.name}`;
  }

  /**
   * Only by way of S3, and only for these objects of this bucket: with a bucket key S3 asks in the bucket's name, without
   * one in the object's. https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#encryption-context
   */
  protected grantKey(grantee: Grantee, keys: readonly string[]): void {
    if (this.props.kmsKeyArn === undefined) return;
    const target = DeploymentTarget.of(this);
    grantee.allow('use-bucket-key', [
      {
        sid: 'UseBucketKey',
        actions: USE,
        resources: [this.props.kmsKeyArn],
        conditions: {
          StringEquals: { 'kms:ViaService': target.endpointOf('s3') },
          StringLike: {
            'kms:EncryptionContext:aws:s3:arn': [
              this.bucketArn,
              ...new Set(keys.map((key) => `${this.bucketArn}/${key}`)),
            ],
          },
        },
      },
    ]);
  }

  /**
   * What the policy of the bucket's key needs where it does not leave the account's use to IAM: the roles by their names,
   * for a policy that names the roles themselves is refused before they exist and blind to them once they were made anew.
   * https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
   * @param namePrefix start of the names of the roles
   */
  keyStatement(namePrefix: string): PolicyStatement {
    const target = DeploymentTarget.of(this);
    const { partition, accountId } = target;
    const roles = `arn:${partition}:iam::${accountId}:role/${namePrefix}-*`;
    return {
      sid: `UploadsOf${namePrefix.replaceAll('-', '')}`,
      principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
      actions: USE,
      resources: ['*'], // in the policy of a key: that key
      conditions: {
        StringEquals: { 'kms:ViaService': target.endpointOf('s3') },
        ArnLike: { 'aws:PrincipalArn': roles },
      },
    };
  }

  /** @throws Error for every way but EventBridge: the others stand in the one notification configuration */
  announce({ lambdaFunction, queue, topic }: NotificationTarget): void {
    if (lambdaFunction === undefined && queue === undefined && topic === undefined) return;
    throw new Error(
      `ExistingBucket.onUpload: got a trigger that has ${this.bucketName} notify a function, queue or topic itself; expected an EventBridgeTrigger: a bucket has one notification configuration, and Terraform would replace all of it, with the notifications of others.`,
    );
  }
}
