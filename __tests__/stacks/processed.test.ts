import type { SettingsInput } from '../../config/settings';
import { MINIMAL, onlyResource, parse, resourceOf, statements, synthPipeline } from '../support/synth';

const FUNCTION = 'arn:aws:lambda:us-east-1:111122223333:function:thumbnails';
const BUS = 'arn:aws:events:us-east-1:111122223333:event-bus/team';

const synth = (onProcessed: SettingsInput['onProcessed'], more: Partial<SettingsInput> = {}): string =>
  synthPipeline({ ...MINIMAL, ...more, onProcessed });
const notification = (synthesized: string) => onlyResource(synthesized, 'aws_s3_bucket_notification');
const filters = [{ events: ['s3:ObjectCreated:*'], filter_prefix: 'processed/' }];
const GITHUB = { repository: 'us/ours', environment: 'prod' };
const SUBSCRIBERS = { us: { protocol: 'email', endpoint: 'us@example.com' } } as const;

describe('onProcessed', () => {
  it('is nothing unless it is set', () => {
    expect(notification(synthPipeline()).topic).toBeUndefined();
    expect(synth({})).toBe(synthPipeline());
  });

  it('publishes to a topic that lets this bucket in alone, before the notification', () => {
    const synthesized = synth({
      topic: true,
      subscribers: { search: { protocol: 'sqs', endpoint: 'arn:aws:sqs:us-east-1:111122223333:search' } },
    });

    expect(notification(synthesized).topic).toEqual([
      { ...filters[0], topic_arn: '${aws_sns_topic.processed-topic_94961193.arn}' },
    ]);
    expect(notification(synthesized).lambda_function).toContainEqual(
      expect.objectContaining({ filter_prefix: 'uploads/' }), // they go on
    );
    expect(notification(synthesized).depends_on).toContainEqual(
      expect.stringMatching(/^aws_sns_topic\.processed-topic_/u),
    );
    expect(resourceOf(synthesized, 'aws_sns_topic_subscription', 'processed-topic')).toMatchObject({
      protocol: 'sqs',
    });
    expect(acceptedFrom(synthesized)).toEqual([
      ['s3.amazonaws.com', 'sns:Publish', expect.stringContaining('aws_s3_bucket.uploads')],
    ]);
    expect(parse(synthesized).output).toHaveProperty('processed_topic_arn');
  });

  it('sends to a queue that lets this bucket in alone, and that alarms when nobody reads it', () => {
    const synthesized = synth({ queue: true });

    expect(notification(synthesized).queue).toHaveLength(1);
    expect(acceptedFrom(synthesized)).toEqual([
      ['s3.amazonaws.com', 'sqs:SendMessage', expect.stringContaining('aws_s3_bucket.uploads')],
    ]);
    expect(alarmNames(synthesized)).toContain('test-processed-queue-age');
    expect(parse(synthesized).output).toHaveProperty('processed_queue_url');
  });

  it('invokes a function, with the permission for it before the notification', () => {
    const synthesized = synth({ function: FUNCTION });

    expect(notification(synthesized).lambda_function).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ filter_prefix: 'uploads/' }),
        { ...filters[0], lambda_function_arn: FUNCTION },
      ]),
    );
    expect(resourceOf(synthesized, 'aws_lambda_permission', 'processed-function')).toMatchObject({
      function_name: FUNCTION,
      principal: 's3.amazonaws.com',
      source_account: expect.any(String) as unknown,
    });
    expect(notification(synthesized).depends_on).toContainEqual(
      expect.stringMatching(/^aws_lambda_permission\.processed-function_/u),
    );
  });

  it('hears of the processed prefixes of before as well', () => {
    const synthesized = synth(
      { queue: true },
      {
        prefixes: { upload: 'in/', processed: 'done/' },
        formerPrefixes: [{ upload: 'uploads/', processed: 'processed/' }],
      },
    );

    expect(notification(synthesized).queue).toMatchObject([
      { filter_prefix: 'done/' },
      { filter_prefix: 'processed/' },
    ]);
  });

  it('with trigger eventbridge goes by one rule to all of them, and to another bus by a role', () => {
    const synthesized = synth(
      { topic: true, queue: true, function: FUNCTION, eventBus: BUS },
      { trigger: 'eventbridge' },
    );
    const rule = resourceOf(synthesized, 'aws_cloudwatch_event_rule', 'processed-rule');
    const targets = Object.entries(parse(synthesized).resource.aws_cloudwatch_event_target ?? {})
      .filter(([id]) => id.startsWith('processed-rule_'))
      .map(([, block]) => block);

    expect(JSON.parse(rule.event_pattern as string)).toMatchObject({
      'detail-type': ['Object Created'],
      detail: { object: { key: [{ prefix: 'processed/' }] } },
    });
    expect(notification(synthesized)).toMatchObject({ eventbridge: true });
    expect(notification(synthesized).queue).toBeUndefined();
    expect(targets).toHaveLength(4);
    expect(targets.filter(({ role_arn }) => role_arn !== undefined)).toMatchObject([{ arn: BUS }]);
    expect(acceptedFrom(synthesized).map(([principal]) => principal)).toEqual([
      'events.amazonaws.com',
      'events.amazonaws.com',
    ]);
    expect(
      statements(synthesized).filter(({ address }) => address.includes('processed-rule_bus-role')),
    ).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ Action: ['events:PutEvents'], Resource: [BUS] }),
      ]) as unknown,
    );
    expect(alarmNames(synthesized)).toEqual(
      expect.arrayContaining(['test-processed-rule-failures', 'test-processed-topic-failures']) as unknown,
    );
  });

  it.each<[string, string, SettingsInput['onProcessed'], Partial<SettingsInput>]>([
    ['two targets of S3', 'queue', { topic: true, queue: true }, {}],
    ['another two', 'function', { queue: true, function: FUNCTION }, { trigger: 'queue' }],
    [
      'the whole bucket watched',
      'queue',
      { queue: true },
      { prefixes: { upload: '', watchWholeBucket: true } },
    ],
    ['a bus without EventBridge', 'eventBus', { eventBus: BUS }, {}],
    ['subscribers of no topic', 'subscribers', { subscribers: SUBSCRIBERS }, {}],
    ['a region away', 'function', { function: FUNCTION.replace('us-east-1', 'eu-west-1') }, {}],
    ['the mover itself', 'function', { function: FUNCTION.replace('thumbnails', 'test-process-upload') }, {}],
    ['what the deploy role may not change', 'function', { function: FUNCTION }, { github: GITHUB }],
    ['no ARN', 'function', { function: 'thumbnails' }, {}],
  ])('refuses %s, and names onProcessed.%s', (_, name, onProcessed, more) => {
    expect(() => synth(onProcessed, more)).toThrow(`onProcessed.${name}: got`);
  });
});

/** Who may send to the topic and the queue, what, and for which source. */
const acceptedFrom = (synthesized: string): unknown[][] =>
  statements(synthesized)
    .filter(({ Sid }) => Sid === 'AcceptProcessed')
    .map(({ Principal, Action, Condition }) => [
      (Principal as { Service: string }).Service,
      Action[0],
      JSON.stringify(Condition),
    ]);

const alarmNames = (synthesized: string): unknown[] =>
  Object.values(parse(synthesized).resource.aws_cloudwatch_metric_alarm ?? {}).map(
    ({ alarm_name }) => alarm_name,
  );
