import { coloursFor } from '../../../../tools/lib/terminal';
import { readEntries } from '../../../../tools/logs/entries';
import { SourceMaps } from '../../../../tools/logs/source-maps';
import type { Place } from '../../../../tools/logs/trace';
import { listFailures } from '../../../../tools/operate/failures/group';
import { failureReport } from '../../../../tools/operate/failures/report';
import { tracesOf, withTraces, type ReadLog } from '../../../../tools/operate/failures/trace';
import { awsRecord, engineRecord } from '../../../support/failure-records';

const STACK = ['RetryableError: no header', '    at WC (/var/task/index.js:3:10)'];
const LOST = { errorType: 'Runtime.HandlerError', errorMessage: 's3://b/uploads/a.csv: no header' };

/** The log of a function, in which the failure is. */
const log =
  (asked: unknown[] = []): ReadLog =>
  (functionName, since) => {
    asked.push([functionName, since]);
    const events = STACK.map((message, time) => ({
      id: String(time),
      time,
      functionName,
      stream: 's',
      message,
    }));
    return Promise.resolve(readEntries(events));
  };

const listOf = (body: object) =>
  listFailures(
    [
      {
        messageId: 'm',
        receiptHandle: 'r',
        body: JSON.stringify(body),
        sentAt: 3_600_000,
        receivedAt: 0,
      },
    ],
    { mover: 'mover', prefixes: ['uploads/', 'processed/'] },
  );

/** What `npm run failures` prints. */
async function shown(body: object, readLog: ReadLog): Promise<string> {
  const colours = coloursFor({ write: () => true });
  const maps = new SourceMaps('', () => Promise.resolve(undefined));
  jest.spyOn(maps, 'toSource').mockResolvedValue(({ line }: Place) => ({
    file: 'handlers/process-upload/process.ts',
    line,
    column: 1,
  }));
  const list = await withTraces(listOf(body), readLog);
  const traceOf = await tracesOf(list, maps, colours);
  return failureReport(list, { number: 0, held: true }, { colours, columns: 20, namePrefix: 'us', traceOf });
}

describe('the stack of a failure', () => {
  it('comes from Lambda’s record, and no log is read', async () => {
    const record = awsRecord({ errorMessage: 'no header' });
    const asked: unknown[] = [];
    const text = await shown(
      { ...record, responsePayload: { ...record.responsePayload, trace: STACK } },
      log(asked),
    );

    expect(text).toContain('no header\n    at handlers/process-upload/process.ts:3:1\n');
    expect(asked).toEqual([]);
  });

  it('comes from the function’s log, with the class, where the local engine’s record has lost both', async () => {
    const asked: unknown[] = [];
    const text = await shown(engineRecord(LOST), log(asked));

    expect(text).toContain('RetriesExhausted, RetryableError');
    expect(text).toContain('at handlers/process-upload/process.ts:3:1');
    expect(asked).toEqual([['mover', 3_600_000 - 900_000]]);
  });

  it.each<[string, ReadLog]>([
    ['has another failure', () => log()('mover', 0).then((entries) => entries.slice(1))],
    ['cannot be read', () => Promise.reject(new Error('AccessDenied'))],
  ])('is left out where the log %s', async (_, readLog) => {
    await expect(shown(engineRecord(LOST), readLog)).resolves.toContain(
      'RetriesExhausted, Runtime.HandlerError',
    );
  });
});

it('a long key is shortened in its middle to the width of the terminal', async () => {
  const text = await shown(engineRecord({ key: 'uploads/2026-11-24/report.csv' }), log());

  expect(text).toMatch(/^ {4}uploads\/…ort\.csv$/mu);
});
