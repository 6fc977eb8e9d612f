import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import {
  DeleteObjectCommand,
  GetBucketNotificationConfigurationCommand,
  HeadObjectCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
  type NotificationConfiguration,
} from '@aws-sdk/client-s3';
import { engineClientConfig, type Engine } from '../../../tools/local/client';
import type { Outputs } from '../../../tools/local/state';
import { until } from '../until';
import type { Grant } from './grants';
import type { Scenario } from './least-privilege';

/** What is deployed to an engine, as the scenarios play on it. */
export interface Deployment {
  readonly engine: Engine;
  readonly outputs: Outputs;
}

const ofRole =
  (name: string, actions: RegExp) =>
  ({ role, action }: Grant): boolean =>
    role === name && actions.test(action);

/** The scenarios of a deployment; between them they make use of every grant that they can. */
export function scenariosOf({ engine, outputs }: Deployment): Scenario[] {
  const config = engineClientConfig(engine);
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  const lambda = new LambdaClient(config);
  const { upload_bucket: Bucket, upload_prefix: from, process_upload_function: mover } = outputs;
  const prefix = mover.replace(/process-upload.*$/u, '');
  let number = 0;
  const nextKey = (): string => `${from}least-privilege/${Date.now()}-${(number += 1)}.txt`;

  const invoke = async (FunctionName: string, payload: unknown): Promise<string> => {
    const { Payload } = await lambda.send(
      new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload) }),
    );
    return Payload?.transformToString() ?? '';
  };
  const upload = async (key: string, Body: string): Promise<void> => {
    await s3.send(new PutObjectCommand({ Bucket, Key: key, Body, Tagging: 'who=us' }));
  };
  const waits = (key: string): Promise<boolean> =>
    s3.send(new HeadObjectCommand({ Bucket, Key: key })).then(
      () => true,
      () => false,
    );
  const moved = async (key: string, isOver: () => boolean): Promise<void> => {
    await until(`${key} is moved or refused`, async () => isOver() || !(await waits(key)));
  };

  const notify = (NotificationConfiguration: NotificationConfiguration): Promise<unknown> =>
    s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
  let isEager: Promise<unknown> | undefined;

  /** Takes the bucket's notification away, and makes the sweep take every upload for old; the notification. */
  async function silence(): Promise<NotificationConfiguration> {
    const notified = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
    await notify({});
    await (isEager ??= makeEager());
    return notified;
  }

  async function makeEager(): Promise<unknown> {
    const FunctionName = `${prefix}sweep`;
    const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const Variables = { ...Environment?.Variables, OLDER_THAN_MINUTES: '0.0001' };
    return lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
  }

  return [
    {
      name: 'an upload with tags moves, and a newer one takes its place',
      needs: ofRole('process-upload', /^(s3|kms):/u),
      play: async (isOver) => {
        const key = nextKey();
        await upload(key, 'first');
        await moved(key, isOver);
        if (isOver()) return '';
        await upload(key, 'second');
        await moved(key, isOver);
        return '';
      },
    },
    {
      name: 'an upload that is gone',
      needs: ofRole('process-upload', /^s3:ListBucket$/u),
      play: () => invoke(mover, s3Event(Bucket, nextKey())),
    },
    {
      name: 'a sweep that finds an upload which no event announced',
      needs: ofRole('sweep', /^(s3|lambda|kms):/u),
      play: async (isOver) => {
        const notified = await silence();
        const key = nextKey();
        try {
          await upload(key, 'silent');
          const answer = await invoke(`${prefix}sweep`, {});
          if (answer === 'null') await moved(key, isOver);
          return answer;
        } finally {
          await s3.send(new DeleteObjectCommand({ Bucket, Key: key }));
          await notify(notified);
        }
      },
    },
    {
      name: 'a call that waits',
      needs: ofRole('caller', /^(lambda|kms):/u),
      play: () => invoke(`${prefix}caller`, { mode: 'sync', payload: { echo: 1 } }),
    },
    {
      name: 'a job with an id, twice, and one that fails',
      needs: ofRole('invoked', /^(dynamodb:\w+Item|kms:\w+)$/u),
      play: async () => {
        const job = (payload: object): unknown => ({
          'upload-pipeline/envelope': { correlationId: nextKey() },
          payload,
        });
        const twice = job({ echo: 1 });
        const answers = [twice, twice, job({ fail: 'on purpose' })].map((one) =>
          invoke(`${prefix}invoked`, one),
        );
        return (await Promise.all(answers)).join('\n');
      },
    },
  ];
}

/** S3's notification of an upload. https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
const s3Event = (bucket: string, key: string): unknown => ({
  Records: [
    {
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      eventName: 'ObjectCreated:Put',
      eventTime: new Date().toISOString(),
      s3: {
        bucket: { name: bucket },
        object: { key: encodeURIComponent(key), size: 1, eTag: '0'.repeat(32), sequencer: '00' },
      },
    },
  ],
});
