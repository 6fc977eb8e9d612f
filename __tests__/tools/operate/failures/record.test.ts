import { combine, PermanentError, RetryableError } from '../../../../handlers/process-upload/errors';
import { readMessage } from '../../../../tools/operate/failures/record';
import { s3Event } from '../../../support/events';
import { awsRecord, engineRecord, MOVER_ARN, streamRecord } from '../../../support/failure-records';
import { eventBridgeEvent, snsEvent, snsNotification } from '../../../support/routes';

const read = (body: unknown, sentAt = 7) =>
  readMessage({ body: typeof body === 'string' ? body : JSON.stringify(body), sentAt }, 'mover');

describe('reading a message of the failure queue', () => {
  it('understands AWS’s record', () => {
    expect(read(awsRecord({ key: 'uploads/ä b.csv' }))).toEqual({
      kind: 'failure',
      functionArn: `${MOVER_ARN}:$LATEST`,
      functionName: 'mover',
      condition: 'RetriesExhausted',
      errorType: 'RetryableError',
      errorMessage: 'S3 refused',
      permanent: false,
      keys: ['uploads/ä b.csv'],
      payload: awsRecord({ key: 'uploads/ä b.csv' }).requestPayload,
      failedAt: Date.parse('2026-01-02T03:04:05.678Z'),
    });
  });

  it('understands the engine’s thinner record, and takes the time from the queue', () => {
    expect(read(engineRecord({ key: 'uploads/a.csv' }), 42)).toMatchObject({
      kind: 'failure',
      functionName: 'mover',
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
      payload: { any: 'thing' },
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
    ['GivenUpByQueue', s3Event({ key: 'uploads/ä b' })],
    ['GivenUpByEventBridge', eventBridgeEvent({ key: 'uploads/ä b' })],
    ['GivenUpByTopic', snsNotification(s3Event({ key: 'uploads/ä b' }))],
  ])('takes an event that the way itself left for a failure of the mover: %s', (condition, event) => {
    expect(read(event)).toEqual({
      kind: 'failure',
      functionArn: 'mover',
      functionName: 'mover',
      condition,
      errorType: undefined,
      errorMessage: undefined,
      permanent: false,
      keys: ['uploads/ä b'],
      payload: event,
      failedAt: 7,
    });
  });

  it('shows where the records of a stream are, which are not in the record', () => {
    expect(read(streamRecord())).toMatchObject({
      kind: 'stream',
      functionName: 'worker',
      place: { shardId: 'shardId-000000000001', first: '10', last: '12', records: 3 },
      failedAt: Date.parse('2026-01-02T03:04:05.678Z'),
    });
  });

  it('takes a batch of a stream that names no function for foreign', () => {
    expect(read({ ...streamRecord(), requestContext: {} })).toMatchObject({ kind: 'foreign' });
  });

  it.each([
    ['hello', 'it is not JSON'],
    ['3', 'it names no function (requestContext.functionArn)'],
    ['{"requestPayload":{}}', 'it names no function (requestContext.functionArn)'],
    [JSON.stringify({ requestContext: { functionArn: MOVER_ARN } }), 'it holds no event (requestPayload)'],
  ])('shows %j as foreign: %s', (body, why) => {
    expect(read(body)).toEqual({ kind: 'foreign', why, excerpt: body, failedAt: 7 });
  });

  it.each([
    [MOVER_ARN, 'mover'],
    [`${MOVER_ARN}:live`, 'mover'],
    ['mover', 'mover'],
    ['mover:live', 'mover'],
  ])('names the function of %s', (functionArn, functionName) => {
    expect(read(awsRecord({ functionArn }))).toMatchObject({ functionArn, functionName });
  });
});
