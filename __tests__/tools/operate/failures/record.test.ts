import { combine, PermanentError, RetryableError } from '../../../../handlers/process-upload/errors';
import type { Message } from '../../../../tools/operate/failures/queue';
import { readMessage } from '../../../../tools/operate/failures/record';
import { s3Event } from '../../../support/events';
import {
  awsRecord,
  engineRecord,
  givenUpBy,
  MOVER_ARN,
  streamRecord,
  undeliveredByRule,
  undeliveredBySchedule,
  writtenBeside,
} from '../../../support/failure-records';
import { eventBridgeEvent, snsEvent, snsNotification } from '../../../support/routes';
import { STRANGE_KEYS } from '../../../support/strange-keys';

const read = (body: unknown, beside: Partial<Message> = {}) =>
  readMessage(
    {
      messageId: 'm',
      receiptHandle: 'r',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      sentAt: 7,
      receivedAt: 8,
      ...beside,
    },
    'mover',
  );

describe('reading a message of the failure queue', () => {
  it('understands AWS’s record', () => {
    expect(read(awsRecord({ key: 'uploads/ä b.csv' }))).toEqual({
      kind: 'failure',
      source: { kind: 'function', arn: `${MOVER_ARN}:$LATEST`, name: 'mover' },
      condition: 'RetriesExhausted',
      errorType: 'RetryableError',
      errorMessage: 'S3 refused',
      permanent: false,
      keys: ['uploads/ä b.csv'],
      payload: JSON.stringify(awsRecord({ key: 'uploads/ä b.csv' }).requestPayload),
      failedAt: Date.parse('2026-01-02T03:04:05.678Z'),
    });
  });

  it('understands the engine’s thinner record, and takes the time from the queue', () => {
    expect(read(engineRecord({ key: 'uploads/a.csv' }), { sentAt: 42 })).toMatchObject({
      kind: 'failure',
      source: { name: 'mover' },
      condition: 'RetriesExhausted',
      keys: ['uploads/a.csv'],
      failedAt: 42,
    });
  });

  it('knows what trying again cannot mend by the class that the mover throws', () => {
    const errorType = new PermanentError('The key is too long').name;

    expect(read(awsRecord({ errorType }))).toMatchObject({ permanent: true });
    expect(read(awsRecord({ errorType: 'Error' }))).toMatchObject({ permanent: false });
  });

  it('knows it by the message too: the engine may have forgotten the class', () => {
    const permanent = new PermanentError('The key is too long', 'Shorten it.');
    const retryable = new RetryableError('S3 was slow');
    const failures = [permanent, retryable].map((error) => ({ bucket: 'b', key: 'k', error }));
    const key = 'uploads/Trying again cannot help.';
    const forgotten = (error: Error) =>
      read(engineRecord({ errorType: 'Runtime.HandlerError', errorMessage: error.message }));

    expect(forgotten(permanent)).toMatchObject({ permanent: true });
    expect(forgotten(retryable)).toMatchObject({ permanent: false });
    // One of the event's uploads can still be moved.
    expect(forgotten(combine(failures, 2))).toMatchObject({ permanent: false });
    expect(forgotten(combine(failures.slice(0, 1), 1))).toMatchObject({ permanent: true });
    expect(forgotten(combine([{ bucket: 'b', key, error: retryable }], 1))).toMatchObject({
      permanent: false,
    });
  });

  it('takes no message for a verdict where the class is known', () => {
    const errorMessage = 'Trying again cannot help.';

    expect(read(awsRecord({ errorType: 'RetryableError', errorMessage }))).toMatchObject({
      permanent: false,
    });
    expect(read(awsRecord({ errorType: 'TypeError', errorMessage }))).toMatchObject({ permanent: false });
  });

  it('understands a message that names only some of so many failures', () => {
    const error = new PermanentError('The key is too long', 'Shorten it.');
    const failures = Array.from({ length: 50 }, (_, i) => ({ bucket: 'b', key: `uploads/${i}`, error }));
    const payload = s3Event(...failures.map(({ key }) => ({ key })));
    const { message: errorMessage } = combine(failures, 50);

    expect(errorMessage).not.toContain('uploads/49');
    expect(read(engineRecord({ payload, errorType: 'Runtime.HandlerError', errorMessage }))).toMatchObject({
      permanent: true,
      keys: failures.map(({ key }) => key),
    });
  });

  it('understands an event that never ran, which has no answer', () => {
    const { responsePayload, responseContext, ...record } = awsRecord({ condition: 'EventAgeExceeded' });

    expect(responsePayload).toBeDefined();
    expect(responseContext).toBeDefined();
    expect(read(record)).toMatchObject({
      kind: 'failure',
      condition: 'EventAgeExceeded',
      errorType: undefined,
      permanent: false,
    });
  });

  it('keeps an event that is no S3 event, without keys', () => {
    expect(read(awsRecord({ payload: { any: 'thing' } }))).toMatchObject({
      kind: 'failure',
      keys: [],
      payload: '{"any":"thing"}',
    });
  });

  it('shows a key that cannot be decoded as it is', () => {
    const payload = { Records: [{ s3: { object: { key: 'uploads/%E0%A4%A' } } }, null, { s3: 3 }] };

    expect(read(awsRecord({ payload }))).toMatchObject({ keys: ['uploads/%E0%A4%A'] });
  });

  it.each([
    ['SNS', snsEvent(s3Event({ key: 'uploads/ä b' }))],
    ['EventBridge', eventBridgeEvent({ key: 'uploads/ä b' })],
  ])('knows the keys of an event that came by %s', (_, payload) => {
    expect(read(awsRecord({ payload }))).toMatchObject({ kind: 'failure', keys: ['uploads/ä b'] });
  });

  it.each([
    ['GivenUpByQueue', s3Event({ key: 'uploads/ä b' }), givenUpBy('acme-uploads'), {}],
    [
      'GivenUpByEventBridge',
      eventBridgeEvent({ key: 'uploads/ä b' }),
      undeliveredByRule(),
      { errorType: 'NO_PERMISSIONS', errorMessage: 'not authorized to perform: lambda:InvokeFunction' },
    ],
    [
      'GivenUpByScheduler',
      s3Event({ key: 'uploads/ä b' }),
      undeliveredBySchedule(),
      { errorType: 'ResourceNotFoundException', errorMessage: 'Function not found' },
    ],
    ['GivenUpByTopic', snsNotification(s3Event({ key: 'uploads/ä b' })), {}, {}],
  ])(
    'knows the event of a message without a record, and why it was %s',
    (condition, event, beside, error) => {
      expect(read(event, beside)).toMatchObject({
        kind: 'failure',
        condition,
        permanent: false,
        keys: ['uploads/ä b'],
        payload: JSON.stringify(event),
        failedAt: 7,
        ...error,
      });
    },
  );

  it('puts the time of a run in where the scheduler has left its placeholder: the guard knows runs by it', () => {
    const job = '{"correlationId":"<aws.scheduler.scheduled-time>"}';

    expect(read(job, undeliveredBySchedule())).toMatchObject({
      payload: '{"correlationId":"2026-01-02T03:00:00Z"}',
    });
  });

  it.each([
    [
      'an event that the scheduler cut',
      undeliveredBySchedule({ IS_PAYLOAD_TRUNCATED: 'true' }),
      /cut its event/u,
    ],
    [
      'one for no function',
      undeliveredByRule('arn:aws:sqs:eu-west-1:123456789012:q'),
      /no Lambda function: arn/u,
    ],
    ['one for nobody', writtenBeside({ RULE_ARN: 'arn:rule' }), /its target is no Lambda function/u],
  ])('sends %s nowhere', (_, beside, why) => {
    expect(read({}, beside)).toMatchObject({ kind: 'foreign', why: expect.stringMatching(why) as string });
  });

  it('believes no job that carries the scheduler’s attributes: its queue is where it comes from', () => {
    expect(read({}, { ...undeliveredBySchedule(), ...givenUpBy('acme-jobs') })).toMatchObject({
      source: { kind: 'queue', name: 'acme-jobs' },
    });
  });

  it('shows where the records of a stream are, which are not in the record', () => {
    expect(read(streamRecord())).toMatchObject({
      kind: 'stream',
      source: { kind: 'function', name: 'worker' },
      place: { shardId: 'shardId-000000000001', first: '10', last: '12', records: 3 },
      failedAt: Date.parse('2026-01-02T03:04:05.678Z'),
    });
  });

  it('takes a batch of a stream that names no function for foreign', () => {
    expect(read({ ...streamRecord(), requestContext: {} })).toMatchObject({ kind: 'foreign' });
  });

  it.each([
    ['hello', 'nothing says where it comes from'],
    ['3', 'nothing says where it comes from'],
    ['{"requestPayload":{}}', 'nothing says where it comes from'],
    ['{"Type":"Notification","Message":"{}"}', 'nothing says where it comes from'],
    ['{"Type":"Notification","TopicArn":"arn","Message":"{}"}', 'it is a notification about no upload'],
    [JSON.stringify({ requestContext: { functionArn: MOVER_ARN } }), 'it holds no event (requestPayload)'],
  ])('shows %j as foreign: %s', (body, why) => {
    expect(read(body)).toEqual({ kind: 'foreign', why, excerpt: body, failedAt: 7 });
  });

  it.each([
    ['S3', s3Event({ key: 'uploads/a' })],
    ['EventBridge', eventBridgeEvent({ key: 'uploads/a' })],
  ])('sends no message to the mover because it looks like an event of %s', (_, event) => {
    expect(read(event)).toMatchObject({ kind: 'foreign', why: 'nothing says where it comes from' });
  });

  it.each(STRANGE_KEYS)('knows an upload by its key, by whichever way it came: %s', (_, key) => {
    for (const [event, beside] of [
      [s3Event({ key }), givenUpBy('acme-uploads')],
      [eventBridgeEvent({ key }), undeliveredByRule()],
      [snsNotification(s3Event({ key })), {}],
    ] as const) {
      expect(read(event, beside)).toMatchObject({ keys: [key] });
    }
  });

  it.each([
    [MOVER_ARN, 'mover'],
    [`${MOVER_ARN}:live`, 'mover'],
    ['mover', 'mover'],
    ['mover:live', 'mover'],
  ])('names the function of %s', (functionArn, functionName) => {
    expect(read(awsRecord({ functionArn }))).toMatchObject({
      source: { kind: 'function', arn: functionArn, name: functionName },
    });
  });
});
