import { coloursFor } from '../../../../tools/lib/terminal';
import { listFailures } from '../../../../tools/operate/failures/group';
import type { Message, Unseen } from '../../../../tools/operate/failures/queue';
import { failureReport } from '../../../../tools/operate/failures/report';
import { awsRecord, givenUpBy, streamRecord, type FailureOptions } from '../../../support/failure-records';

const message = (body: unknown, sentAt = 0) => ({
  messageId: 'm',
  receiptHandle: 'r',
  body: typeof body === 'string' ? body : JSON.stringify(body),
  sentAt,
  receivedAt: 0,
});
const at = (minute: number, options: FailureOptions = {}) =>
  message(awsRecord({ timestamp: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString(), ...options }));

const PLAIN = coloursFor({ write: () => true, isTTY: false });
const SERVED = { mover: 'mover:live', prefixes: ['uploads/', 'processed/'] };
const NONE: Unseen = { number: 0, held: true };
const report = (...messages: Message[]) =>
  failureReport(listFailures(messages, SERVED), NONE, { colours: PLAIN, namePrefix: 'us' });

describe('listing failures', () => {
  it('groups by source, condition and error, newest first', () => {
    const { groups } = listFailures(
      [
        at(1, { key: 'uploads/a' }),
        at(5, { key: 'uploads/b', condition: 'EventAgeExceeded' }),
        at(3, { key: 'uploads/c' }),
      ],
      SERVED,
    );

    expect(groups).toMatchObject([
      {
        source: { kind: 'function', name: 'mover' },
        condition: 'EventAgeExceeded',
        records: 1,
        keys: ['uploads/b'],
      },
      { condition: 'RetriesExhausted', records: 2, keys: ['uploads/c', 'uploads/a'] },
    ]);
    expect(groups[1]).toMatchObject({
      newest: Date.UTC(2026, 0, 1, 0, 3),
      oldest: Date.UTC(2026, 0, 1, 0, 1),
    });
  });

  it('names an upload once, however many records it has', () => {
    expect(listFailures([at(1), at(2)], SERVED).groups).toMatchObject([
      { records: 2, keys: ['uploads/a.csv'] },
    ]);
  });

  it('counts the uploads under no prefix that process-upload serves, and says what to do', () => {
    const messages = [at(1, { key: 'old/a' }), at(2, { key: 'old/a' }), at(3, { key: 'uploads/a' })];

    expect(listFailures(messages, SERVED).groups).toMatchObject([{ records: 3, unserved: 1 }]);
    expect(report(...messages)).toContain(
      '1 upload under no prefix that process-upload serves (formerPrefixes); redrive skips these records.',
    );
    expect(report(at(1, { key: 'uploads/a' }))).not.toContain('formerPrefixes');
  });

  it('keeps jobs of a queue apart from failures of a function, and says where redrive sends them', () => {
    const job = { ...message({ order: 1 }), ...givenUpBy('acme-jobs') };

    expect(listFailures([job, at(1)], SERVED).groups).toMatchObject([
      { source: { kind: 'function', name: 'mover' }, records: 1 },
      { source: { kind: 'queue', name: 'acme-jobs' }, condition: 'GivenUpByQueue', records: 1 },
    ]);
    expect(report(job)).toBe(
      'queue acme-jobs  GivenUpByQueue  1 record  1970-01-01 00:00:00\n' +
        '  Trying again may help: npm run redrive sends it back to queue acme-jobs',
    );
  });

  it('says when redrive skips records because trying again cannot help', () => {
    expect(report(at(1, { errorType: 'PermanentError' }))).toContain(
      'redrive skips these records without --include-permanent',
    );
    expect(report(at(1))).toContain('Trying again may help: npm run redrive');
  });

  it('explains a missing permission, with the line to add, although a long message is shortened', () => {
    const role = 'arn:aws:sts::123456789012:assumed-role/us-mover/us-mover';
    const denied = `User: ${role} is not authorized to perform: s3:PutObject because no identity-based policy allows`;

    expect(report(at(1, { errorMessage: `${'x'.repeat(400)} ${denied} ${'x'.repeat(400)}` }))).toContain(
      '  mover may not s3:PutObject: no identity-based policy allows it.\n' +
        '  If it should, add to stacks/units/mover.ts, with a resource as narrow as can be:\n',
    );
  });

  it('shows a foreign message as such', () => {
    expect(report(message('hello'))).toBe(
      '1 message without a way back, skipped by redrive\n' +
        '  1970-01-01 00:00:00  nothing says where it comes from: hello',
    );
  });

  it('shows where the records of a stream are, and how old they were', () => {
    expect(report(message(streamRecord()))).toBe(
      'worker  RetryAttemptsExhausted  3 records of a stream  2026-01-02 03:04:05\n' +
        '  arn:aws:kinesis:eu-west-1:123456789012:stream/jobs, shardId-000000000001\n' +
        '    10 to 12\n' +
        '  The first arrived 2026-01-02 03:00:00; the stream keeps them until they expire: npm run redrive',
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

  it('does not call a queue empty whose records someone hides, and says when they are back', () => {
    expect(
      failureReport(
        listFailures([], SERVED),
        { number: 2, held: true },
        { colours: PLAIN, namePrefix: 'us' },
      ),
    ).toBe(
      '2 more records: hidden by another redrive or failures, at work or killed; ' +
        'back when its hold ends (redrive 120 s or its --hold, failures 300 s).',
    );
  });

  it('says how many records it has not reached', () => {
    expect(
      failureReport(
        listFailures([], SERVED),
        { number: 1, held: false },
        { colours: PLAIN, namePrefix: 'us' },
      ),
    ).toContain('1 more record: SQS handed out only known ones in the end.');
  });
});
