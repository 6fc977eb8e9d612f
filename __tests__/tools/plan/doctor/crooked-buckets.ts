import type { LifecycleRule, NotificationConfiguration } from '@aws-sdk/client-s3';
import type { BucketCalls } from '../../../../tools/plan/doctor/bucket/facts';

/** A bucket as its owner set it up. */
export interface MadeBucket {
  region?: string;
  ours?: boolean;
  versioning?: string | undefined;
  notifications?: NotificationConfiguration;
  policy?: object;
  locks?: boolean;
  requesterPays?: boolean;
  lifecycle?: readonly LifecycleRule[];
  key?: string;
}

/** A bucket with nothing against it. */
export const STRAIGHT: MadeBucket = {
  versioning: 'Enabled',
  notifications: { EventBridgeConfiguration: {} },
};

export const RESIZE: NotificationConfiguration = {
  LambdaFunctionConfigurations: [
    {
      Id: 'resize',
      LambdaFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:resize',
      Events: ['s3:ObjectCreated:*'],
    },
  ],
};

/** Five buckets, each set up as teams do set up buckets. `docs/adopting.md` tells what the doctor says of each. */
export const CROOKED: Readonly<Record<string, MadeBucket>> = {
  'made before EventBridge, with a function that hears of everything': {
    ...STRAIGHT,
    notifications: RESIZE,
  },
  'in another region': { ...STRAIGHT, region: 'eu-west-1' },
  'without versions': { ...STRAIGHT, versioning: 'Suspended' },
  'closed to all but a list of roles, and to objects that name no key': {
    ...STRAIGHT,
    key: 'arn:aws:kms:us-east-1:123456789012:key/theirs',
    policy: {
      Statement: [
        {
          Sid: 'OnlyTeam',
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: ['arn:aws:s3:::team-data', 'arn:aws:s3:::team-data/*'],
          Condition: { StringNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::123456789012:role/data-team-*' } },
        },
        {
          Sid: 'OnlyEncrypted',
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:PutObject',
          Resource: 'arn:aws:s3:::team-data/*',
          Condition: { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } },
        },
      ],
    },
  },
  'kept for auditors': {
    ...STRAIGHT,
    locks: true,
    requesterPays: true,
    lifecycle: [
      {
        ID: 'save-money',
        Status: 'Enabled',
        Filter: { Prefix: '' },
        Transitions: [{ Days: 1, StorageClass: 'GLACIER' }],
      },
      { ID: 'tidy', Status: 'Enabled', Filter: { Prefix: 'uploads/' }, Expiration: { Days: 30 } },
      { ID: 'logs', Status: 'Enabled', Filter: { Prefix: 'logs/' }, Expiration: { Days: 7 } },
      { ID: 'off', Status: 'Disabled', Filter: { Prefix: '' }, Expiration: { Days: 1 } },
    ],
  },
};

/** The calls to such a bucket, which remembers what is written to it. */
export function callsTo(bucket: MadeBucket): BucketCalls {
  return {
    head: () => Promise.resolve({ region: bucket.region ?? 'us-east-1' }),
    isOurs: () => Promise.resolve(bucket.ours ?? true),
    versioning: () => Promise.resolve(bucket.versioning),
    notifications: () => Promise.resolve(bucket.notifications ?? {}),
    policy: () => Promise.resolve(bucket.policy && JSON.stringify(bucket.policy)),
    locks: () => Promise.resolve(bucket.locks ?? false),
    requesterPays: () => Promise.resolve(bucket.requesterPays ?? false),
    lifecycle: () => Promise.resolve(bucket.lifecycle ?? []),
    key: () => Promise.resolve(bucket.key),
    setNotifications: (configuration) => {
      bucket.notifications = configuration;
      return Promise.resolve();
    },
    enableVersioning: () => {
      bucket.versioning = 'Enabled';
      return Promise.resolve();
    },
  };
}
