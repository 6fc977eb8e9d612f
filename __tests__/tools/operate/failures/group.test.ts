import { coloursFor } from '../../../../tools/lib/terminal';
import { listFailures } from '../../../../tools/operate/failures/group';
import { failureReport } from '../../../../tools/operate/failures/report';
import { awsRecord, streamRecord, type FailureOptions } from '../../../support/failure-records';

const message = (body: unknown, sentAt = 0) => ({
  messageId: 'm',
  receiptHandle: 'r',
  body: typeof body === 'string' ? body : JSON.stringify(body),
  sentAt,
});
const at = (minute: number, options: FailureOptions = {}) =>
  message(awsRecord({ timestamp: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString(), ...options }));

const PLAIN = coloursFor({ write: () => true, isTTY: false });
const report = (...messages: ReturnType<typeof message>[]) =>
  failureReport(listFailures(messages, 'mover'), PLAIN);

describe('listing failures', () => {
  it('groups by function, condition and error, newest first', () => {
    const { groups } = listFailures(
      [
        at(1, { key: 'uploads/a' }),
        at(5, { key: 'uploads/b', condition: 'EventAgeExceeded' }),
        at(3, { key: 'uploads/c' }),
      ],
      'mover',
    );

    expect(groups).toMatchObject([
      { condition: 'EventAgeExceeded', records: 1, keys: ['uploads/b'] },
      { condition: 'RetriesExhausted', records: 2, keys: ['uploads/c', 'uploads/a'] },
    ]);
    expect(groups[1]).toMatchObject({
      newest: Date.UTC(2026, 0, 1, 0, 3),
      oldest: Date.UTC(2026, 0, 1, 0, 1),
    });
  });

  it('names an upload once, however many records it has', () => {
    expect(listFailures([at(1), at(2)], 'mover').groups).toMatchObject([
      { records: 2, keys: ['uploads/a.csv'] },
    ]);
  });

  it('says of what trying again cannot mend that redrive leaves it alone', () => {
    expect(report(at(1, { errorType: 'PermanentError' }))).toContain(
      'leaves it alone unless told --include-permanent',
    );
    expect(report(at(1))).toContain('Trying again may help: npm run redrive');
  });

  it('shows a foreign message as such', () => {
    expect(report(message('hello'))).toBe(
      '1 message that is no failure record, left alone by redrive\n  1970-01-01 00:00:00  it is not JSON: hello',
    );
  });

  it('shows where the records of a stream are, and how old they were', () => {
    expect(report(message(streamRecord()))).toBe(
      'worker  RetryAttemptsExhausted  3 records of a stream  2026-01-02 03:04:05\n' +
        '  arn:aws:kinesis:eu-west-1:123456789012:stream/jobs, shardId-000000000001\n' +
        '    10 to 12\n' +
        '  The first arrived 2026-01-02 03:00:00; they are there until they expire: npm run redrive',
    );
  });

  it('shows ten keys of a group and says how many more there are', () => {
    const text = report(...Array.from({ length: 12 }, (_, i) => at(i, { key: `uploads/${i}` })));

    expect(text.match(/^ +uploads\//gmu)).toHaveLength(10);
    expect(text).toContain('and 2 more (--json shows all)');
  });

  it('lets no key break its line or reach the terminal', () => {
    expect(report(at(1, { key: 'uploads/a\n\u001b[2Jb' }))).toContain('uploads/a\\n\\u001b[2Jb');
  });

  it('says so when there is nothing', () => {
    expect(report()).toBe('No failures: the queue is empty.');
  });
});
