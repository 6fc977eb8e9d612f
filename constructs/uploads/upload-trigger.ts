import type {
  S3BucketNotificationLambdaFunction,
  S3BucketNotificationQueue,
  S3BucketNotificationTopic,
} from '@cdktf/provider-aws/lib/s3-bucket-notification';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { DeploymentTarget } from '../base/deployment-target';
import type { Grantee } from '../base/grantee';
import type { NodeFunction } from '../function/node-function';
import type { ServiceSource } from '../base/service-source';
import { outermost, type PrefixPair } from './prefix-pair';

/** Whom a bucket notifies, in the words of its notification configuration. */
export interface NotificationTarget {
  readonly lambdaFunction?: readonly S3BucketNotificationLambdaFunction[];
  readonly queue?: readonly S3BucketNotificationQueue[];
  readonly topic?: readonly S3BucketNotificationTopic[];
  readonly eventbridge?: true;
}

export interface UploadNotification {
  readonly target: NotificationTarget;
  /** What must exist before the first event: S3 tests its permission when the notification is set. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** The bucket whose uploads a trigger is about. */
export interface WatchedBucket extends Construct {
  readonly bucketName: string;
  readonly bucketArn: string;
}

/** A way from a bucket to a function. Which to choose: docs/event-sources.md. */
export interface UploadTrigger {
  /**
   * Makes all that lies between `uploads` and `handler`, with its permissions; once a trigger.
   * @param pairs whose upload prefixes are watched: one or more
   */
  bind(uploads: WatchedBucket, handler: NodeFunction, pairs: readonly PrefixPair[]): UploadNotification;
  /** Lets `grantee` put an upload's event on this way once more. @default it invokes the function itself */
  grantResubmit?(grantee: Grantee): void;
}

/** Every object that is created under an upload prefix; the prefixes keep apart, so a move is no upload. */
export const uploadFilters = (pairs: readonly PrefixPair[]) =>
  outermost(pairs.map(({ upload }) => upload)).map((prefix) => ({
    events: ['s3:ObjectCreated:*'],
    filterPrefix: prefix || undefined,
  }));

/**
 * S3, sending news of this bucket of this account.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
 */
export const uploadSource = (uploads: WatchedBucket) =>
  ({
    service: 's3.amazonaws.com',
    sourceArn: uploads.bucketArn,
    // A bucket's ARN names no account: were this one deleted, its name could be another account's tomorrow.
    sourceAccount: DeploymentTarget.of(uploads).accountId,
  }) satisfies ServiceSource;
