import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketRequestPaymentCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  type LifecycleRule,
  type NotificationConfiguration,
  type S3Client,
} from '@aws-sdk/client-s3';

/** The calls to a bucket; each fails as the SDK fails. */
export interface BucketCalls {
  readonly head: () => Promise<{ readonly region: string | undefined }>;
  /** Whether the bucket is one of this account. */
  readonly isOurs: () => Promise<boolean>;
  readonly versioning: () => Promise<string | undefined>;
  readonly notifications: () => Promise<NotificationConfiguration>;
  /** The policy's JSON; undefined where there is none. */
  readonly policy: () => Promise<string | undefined>;
  /** Whether objects are retained by default. */
  readonly locks: () => Promise<boolean>;
  readonly requesterPays: () => Promise<boolean>;
  readonly lifecycle: () => Promise<readonly LifecycleRule[]>;
  /** The KMS key that encrypts new objects; undefined: S3's own. */
  readonly key: () => Promise<string | undefined>;
  readonly setNotifications: (configuration: NotificationConfiguration) => Promise<unknown>;
  readonly enableVersioning: () => Promise<unknown>;
}

/** The answers that mean: nothing of the kind was ever set. */
const NEVER_SET = [
  'NoSuchBucketPolicy',
  'NoSuchLifecycleConfiguration',
  'ObjectLockConfigurationNotFoundError',
  'ServerSideEncryptionConfigurationNotFoundError',
];

/** An answer as a later request takes it. */
function withoutMetadata(answer: NotificationConfiguration): NotificationConfiguration {
  return Object.fromEntries(Object.entries(answer).filter(([name]) => name !== '$metadata'));
}

/** Asks AWS. */
export function bucketCalls(client: S3Client, Bucket: string): BucketCalls {
  const unset = async <Answer, Fact>(
    asked: Promise<Answer>,
    read: (answer: Answer) => Fact,
    never: Fact,
  ): Promise<Fact> => {
    try {
      return read(await asked);
    } catch (error) {
      if (error instanceof Error && NEVER_SET.includes(error.name)) return never;
      throw error;
    }
  };
  return {
    head: async () => ({ region: (await client.send(new HeadBucketCommand({ Bucket }))).BucketRegion }),
    isOurs: async () => {
      const { Buckets = [] } = await client.send(new ListBucketsCommand({ Prefix: Bucket }));
      return Buckets.some(({ Name }) => Name === Bucket);
    },
    versioning: async () => (await client.send(new GetBucketVersioningCommand({ Bucket }))).Status,
    notifications: async () => {
      const answer = await client.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
      return withoutMetadata(answer);
    },
    policy: () =>
      unset(client.send(new GetBucketPolicyCommand({ Bucket })), ({ Policy }) => Policy, undefined),
    locks: () =>
      unset(
        client.send(new GetObjectLockConfigurationCommand({ Bucket })),
        ({ ObjectLockConfiguration }) => ObjectLockConfiguration?.Rule?.DefaultRetention !== undefined,
        false,
      ),
    requesterPays: async () =>
      (await client.send(new GetBucketRequestPaymentCommand({ Bucket }))).Payer === 'Requester',
    lifecycle: () =>
      unset(
        client.send(new GetBucketLifecycleConfigurationCommand({ Bucket })),
        ({ Rules = [] }) => Rules,
        [],
      ),
    key: () =>
      unset(
        client.send(new GetBucketEncryptionCommand({ Bucket })),
        ({ ServerSideEncryptionConfiguration: { Rules = [] } = {} }) => {
          const { SSEAlgorithm, KMSMasterKeyID } = Rules[0]?.ApplyServerSideEncryptionByDefault ?? {};
          return SSEAlgorithm?.startsWith('aws:kms') === true ? (KMSMasterKeyID ?? 'aws/s3') : undefined;
        },
        undefined,
      ),
    setNotifications: (NotificationConfiguration) =>
      client.send(
        new PutBucketNotificationConfigurationCommand({
          Bucket,
          NotificationConfiguration,
          // What is broken among the others' is not ours to find out now.
          SkipDestinationValidation: true,
        }),
      ),
    enableVersioning: () =>
      client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } })),
  };
}
