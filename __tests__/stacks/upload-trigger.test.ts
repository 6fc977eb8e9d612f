import type { Settings } from '../../config/settings';
import {
  MINIMAL,
  onlyResource,
  parse,
  resourceOf,
  synthPipeline,
  type Block,
  type Synthesized,
} from '../support/synth';

const TRIGGERS: readonly Settings['trigger'][] = ['direct', 'queue', 'eventbridge', 'topic'];
const synth = (trigger: Settings['trigger']): string => synthPipeline({ ...MINIMAL, trigger });

/** The addresses of all resources but the alarms, which source-health.test.ts looks at. */
const addresses = ({ resource }: Synthesized): string[] =>
  Object.entries(resource)
    .filter(([type]) => type !== 'aws_cloudwatch_metric_alarm')
    .flatMap(([type, blocks]) => Object.keys(blocks).map((id) => `${type}.${id}`));

/** What a trigger has that the default does not, and the other way round. */
function difference(trigger: Settings['trigger']): { more: string[]; fewer: string[] } {
  const [usual, chosen] = [addresses(parse(synthPipeline())), addresses(parse(synth(trigger)))];
  return {
    more: chosen.filter((address) => !usual.includes(address)).sort(),
    fewer: usual.filter((address) => !chosen.includes(address)),
  };
}

describe('trigger', () => {
  it('is direct where nothing is set', () => {
    expect(synthPipeline()).toBe(synth('direct'));
  });

  it('queue puts a queue between, and takes the permission to start the function from S3 and the sweep', () => {
    expect(difference('queue')).toEqual({
      more: [
        'aws_iam_role_policy.process-upload_receive-upload-queue_60171EC3',
        'aws_iam_role_policy.sweep_send-upload-queue_BDCBECDF',
        'aws_lambda_event_source_mapping.upload-queue_mapping_62C41A19',
        'aws_sqs_queue.upload-queue_52E17381',
      ],
      fewer: [
        'aws_iam_role_policy.sweep_invoke-process-upload_0B22BC50',
        'aws_lambda_permission.uploads_permission_8030CCB7',
      ],
    });
  });

  it('eventbridge puts a rule between', () => {
    const { more, fewer } = difference('eventbridge');

    // A further pipeline by the same way has its own beside them.
    expect(more.filter((address) => address.includes('.upload'))).toEqual([
      'aws_cloudwatch_event_rule.upload-rule_D626C862',
      'aws_cloudwatch_event_target.upload-rule_target_B867DE46',
      'aws_lambda_permission.upload-rule_permission_6902376F',
    ]);
    expect(fewer.filter((address) => address.includes('.upload'))).toEqual([
      'aws_lambda_permission.uploads_permission_8030CCB7',
    ]);
  });

  it('topic puts a topic between', () => {
    expect(difference('topic')).toEqual({
      more: [
        'aws_lambda_permission.upload-topic_permission_105E513A',
        'aws_sns_topic.upload-topic_EAB3320F',
        'aws_sns_topic_subscription.upload-topic_subscription_E2775679',
      ],
      fewer: ['aws_lambda_permission.uploads_permission_8030CCB7'],
    });
  });

  it.each(TRIGGERS)(
    '%s keeps the addresses of the bucket, its notification, the function and the failure queue',
    (trigger) => {
      expect(addresses(parse(synth(trigger)))).toEqual(
        expect.arrayContaining([
          'aws_s3_bucket.uploads_bucket_556152F0',
          'aws_s3_bucket_notification.uploads_notification_2F46239F',
          'aws_lambda_function.process-upload_function_CD267CB1',
          'aws_sqs_queue.failures_queue_3DB484D9',
        ]),
      );
    },
  );

  it.each(TRIGGERS)('%s has one notification with one target: an upload is told of once', (trigger) => {
    const { lambda_function, queue, topic, eventbridge } = onlyResource(
      synth(trigger),
      'aws_s3_bucket_notification',
    );
    const listed = [lambda_function, queue, topic]
      .flatMap((targets) => (targets ?? []) as readonly Block[])
      .filter(({ filter_prefix: prefix }) => prefix === 'uploads/');

    expect(listed.length + (eventbridge === true ? 1 : 0)).toBe(1);
  });

  it.each(TRIGGERS)('%s refuses prefixes that would loop', (trigger) => {
    expect(() =>
      synthPipeline({ ...MINIMAL, trigger, prefixes: { processed: 'uploads/processed/' } }),
    ).toThrow(/each move would count as a new upload/u);
  });

  it.each(TRIGGERS)('%s watches the whole bucket only where that is said', (trigger) => {
    expect(() => synthPipeline({ ...MINIMAL, trigger, prefixes: { upload: '' } })).toThrow(
      /prefixes\.upload/u,
    );
  });

  it.each(TRIGGERS)('%s has a failure destination for what the function fails at', (trigger) => {
    const destinations = Object.values(
      parse(synth(trigger)).resource.aws_lambda_function_event_invoke_config ?? {},
    ).filter(({ function_name }) => JSON.stringify(function_name).includes('process-upload'));

    expect(destinations).toHaveLength(1);
    expect(JSON.stringify(destinations)).toContain('aws_sqs_queue.failures_queue_3DB484D9.arn');
  });

  it.each([
    ['direct', 'aws_s3_bucket_notification'],
    ['queue', 'aws_lambda_event_source_mapping'],
    ['eventbridge', 'aws_cloudwatch_event_target'],
    ['topic', 'aws_sns_topic_subscription'],
  ] as const)('%s starts the alias of a function that is released, and may', (trigger, type) => {
    const { resource } = parse(
      synthPipeline({
        ...MINIMAL,
        trigger,
        sweep: { enabled: false },
        processUpload: { release: { alias: true } },
      }),
    );
    const ALIAS = 'aws_lambda_alias.process-upload_live_alias_';
    const qualifiers = Object.values(resource.aws_lambda_permission ?? {}).map(({ qualifier }) => qualifier);

    expect(JSON.stringify(resource[type])).toContain(`\${${ALIAS}`);
    expect(qualifiers.filter((one) => JSON.stringify(one ?? '').includes(ALIAS))).toHaveLength(
      trigger === 'queue' ? 0 : 1,
    );
  });

  it.each(TRIGGERS)('%s keeps nothing that the key of one’s own does not encrypt', (trigger) => {
    const { resource } = parse(
      synthPipeline({
        ...MINIMAL,
        trigger,
        health: { enabled: false }, // its topic has a key of its own: alarm-topic.test.ts
        encryption: { customerManagedKey: true },
      }),
    );
    const kept = ['aws_sqs_queue', 'aws_sns_topic'].flatMap((type) => Object.values(resource[type] ?? {}));

    expect(kept.length).toBeGreaterThan(0);
    for (const block of kept) {
      expect(block.kms_master_key_id).toMatch(/^\$\{aws_kms_key\.key_.*\.arn\}$/u);
    }
  });

  it('takes the limits of each route from the settings', () => {
    const queue = synthPipeline({
      ...MINIMAL,
      trigger: 'queue',
      uploadQueue: {
        batchSize: 50,
        maximumBatchingWindowSeconds: 2,
        maximumConcurrency: 20,
        maxReceiveCount: 9,
        retentionDays: 1,
      },
    });
    const rule = synthPipeline({
      ...MINIMAL,
      trigger: 'eventbridge',
      uploadRule: {
        suffix: '.csv',
        minimumSizeBytes: 1,
        maximumSizeBytes: 2,
        maximumRetryAttempts: 3,
        maximumEventAgeSeconds: 60,
      },
    });
    const topic = synthPipeline({
      ...MINIMAL,
      trigger: 'topic',
      uploadTopic: { subscribers: { web: { protocol: 'https', endpoint: 'https://example.com/uploads' } } },
    });

    expect(resourceOf(queue, 'aws_lambda_event_source_mapping', 'upload-queue')).toMatchObject({
      batch_size: 50,
      maximum_batching_window_in_seconds: 2,
      scaling_config: { maximum_concurrency: 20 },
    });
    expect(parse(queue).resource.aws_sqs_queue?.['upload-queue_52E17381']).toMatchObject({
      message_retention_seconds: 86_400,
      redrive_policy: expect.stringContaining('"maxReceiveCount":9') as string,
      visibility_timeout_seconds: 6 * 300 + 2,
    });
    expect(parse(rule).resource.aws_cloudwatch_event_rule?.['upload-rule_D626C862']?.event_pattern).toContain(
      '"object":{"key":[{"wildcard":"uploads/*.csv"}],"size":[{"numeric":[">=",1,"<=",2]}]}',
    );
    expect(
      parse(rule).resource.aws_cloudwatch_event_target?.['upload-rule_target_B867DE46']?.retry_policy,
    ).toEqual({
      maximum_retry_attempts: 3,
      maximum_event_age_in_seconds: 60,
    });
    expect(topic).toContain('https://example.com/uploads');
  });

  it.each([
    ['queue', 'upload_queue_url', '${aws_sqs_queue.upload-queue_52E17381.url}'],
    ['topic', 'upload_topic_arn', '${aws_sns_topic.upload-topic_EAB3320F.arn}'],
  ] as const)('%s puts out %s', (trigger, name, value) => {
    expect(parse(synth(trigger)).output?.[name]).toMatchObject({ value });
    expect(parse(synthPipeline()).output).not.toHaveProperty(name);
  });

  it.each(TRIGGERS)('%s lets uploads under a former prefix through as well', (trigger) => {
    const synthesized = synthPipeline({
      ...MINIMAL,
      trigger,
      formerPrefixes: [{ upload: 'before/', processed: 'processed/' }],
    });

    const { lambda_function, queue, topic } = onlyResource(synthesized, 'aws_s3_bucket_notification');
    const filters = [lambda_function, queue, topic].flat().filter((target) => target !== undefined);
    const { aws_cloudwatch_event_rule: rules = {} } = parse(synthesized).resource;
    const patterns = Object.values(rules).map(({ event_pattern }) => event_pattern);
    for (const prefix of ['before/', 'uploads/']) {
      expect(JSON.stringify([filters, patterns])).toContain(prefix);
    }
  });
});
