import {
  functionSource,
  type FailureRecord,
  type StreamBatch,
} from '../../../../tools/operate/failures/failure';
import { notMeant, readFilter } from '../../../../tools/operate/failures/filter';
import { listFailures, countOf } from '../../../../tools/operate/failures/group';
import { readMessage } from '../../../../tools/operate/failures/record';
import { decide } from '../../../../tools/operate/redrive/decide';
import { awsRecord, streamRecord, type FailureOptions } from '../../../support/failure-records';

const NOW = Date.parse('2026-01-02T12:00:00Z');
const MOVER = 'acme-prod-process-upload';
const arn = (name: string) => `arn:aws:lambda:eu-west-1:123456789012:function:${name}:live`;

const message = (
  options: FailureOptions = {},
  body: unknown = awsRecord({ functionArn: arn(MOVER), ...options }),
) => ({
  messageId: 'm',
  receiptHandle: 'r',
  body: JSON.stringify(body),
  sentAt: NOW,
  receivedAt: NOW,
});
const failure = (options: FailureOptions = {}) => readMessage(message(options), MOVER) as FailureRecord;
const FAILED = {
  key: 'uploads/2026/a.csv',
  errorType: 'TypeError',
  errorMessage: 'x is not a function',
  timestamp: '2026-01-02T10:30:00Z',
};

describe('the choice of records', () => {
  it.each([
    [{ since: '2h' }, true],
    [{ since: '1h' }, false],
    [{ since: '2026-01-02T10:30Z' }, true],
    [{ until: '2026-01-02T10:30Z' }, false],
    [{ until: '1h' }, true],
    [{ since: '2026-01-02', until: '2026-01-03' }, true],
    [{ since: '2026-01-02T11:00+01:00' }, true],
    [{ function: MOVER }, true],
    [{ function: 'process-upload' }, true],
    [{ function: 'upload' }, true],
    [{ function: 'caller' }, false],
    [{ error: 'TypeError: .* function$' }, true],
    [{ error: '^Retries' }, true],
    [{ error: 'timed? out' }, false],
    [{ key: 'uploads/2026/*.csv' }, true],
    [{ key: '*.csv' }, true],
    [{ key: 'uploads/????/a.csv' }, true],
    [{ key: 'uploads/2026' }, false],
    [{ key: 'uploads.2026.a.csv' }, false],
    [{ since: '2h', function: 'process-upload', error: 'TypeError', key: 'uploads/*' }, true],
    [{ since: '2h', error: 'TypeError', key: 'other/*' }, false],
  ])('%j: the record is meant: %p', (options, meant) => {
    expect(notMeant(failure(FAILED), readFilter(options, NOW)) === undefined).toBe(meant);
  });

  it('is all where nothing is given', () => {
    expect(notMeant(failure(), readFilter({}, NOW))).toBeUndefined();
  });

  it('takes no batch of a stream by key, for nothing tells its keys', () => {
    const batch = readMessage(message({}, streamRecord()), MOVER) as StreamBatch;

    expect(notMeant(batch, readFilter({ function: 'worker', error: 'Exhausted' }, NOW))).toBeUndefined();
    expect(notMeant(batch, readFilter({ key: '*' }, NOW))).toBe('noMatch');
  });

  it.each([
    [{ since: 'yesterday' }, '--since: got "yesterday"; expected a time such as 2026-01-31'],
    [{ until: '2026-13-01' }, '--until: got "2026-13-01"; expected a time'],
    [{ since: '2' }, '--since: got "2"; expected a time'],
    [
      { error: '(' },
      '--error: got "("; expected a regular expression of JavaScript (Invalid regular expression',
    ],
    [{ key: '' }, '--key: got ""; expected a key, with * for any text.'],
    [{ max: '0' }, '--max: got "0"; expected an integer from 1 to 1000000.'],
  ])('%j is refused', (options, refusal) => {
    expect(() => readFilter(options, NOW)).toThrow(refusal);
  });
});

it('is the same for what failures lists and what redrive sends', () => {
  const messages = ['2026-01-02T10:00:00Z', '2026-01-02T11:30:00Z', '2026-01-02T11:40:00Z'].map((timestamp) =>
    message({ ...FAILED, timestamp }),
  );
  const served = { mover: MOVER, prefixes: ['uploads/'] };
  const filter = readFilter({ since: '1h' }, NOW);

  expect(listFailures(messages, served, filter).groups).toMatchObject([{ records: 2 }]);
  expect(messages.map((each) => decide(each, { ...served, ...filter }))).toMatchObject([
    { do: 'skip', why: 'otherTime' },
    { do: 'send' },
    { do: 'send' },
  ]);
});

it('lists the newest where so many are asked for, and messages without a way back only without a filter', () => {
  const foreign = message({}, 'not ours');
  const messages = [message({ ...FAILED, timestamp: '2026-01-01T00:00:00Z' }), message(FAILED), foreign];
  const served = { mover: MOVER, prefixes: ['uploads/'] };

  expect(countOf(listFailures(messages, served))).toBe(3);
  expect(countOf(listFailures(messages, served, readFilter({ function: 'process-upload' }, NOW)))).toBe(2);
  const { groups } = listFailures(
    messages,
    served,
    readFilter({ function: 'process-upload', max: '1' }, NOW),
  );
  expect(groups).toMatchObject([{ records: 1, newest: Date.parse(FAILED.timestamp) }]);
});

it('names a function without its qualifier', () => {
  expect(functionSource(arn(MOVER)).name).toBe(MOVER);
});
