import { readEntries } from '../../../tools/logs/entries';
import type { LogEvent } from '../../../tools/logs/line';
import { entryText } from '../../../tools/logs/print';
import type { Place } from '../../../tools/logs/trace';
import { coloursFor } from '../../../tools/lib/terminal';

const WHY = 'The step before the move failed with TypeError: no header. Trying again can help.';
const THROWN = `s3://b/uploads/a.csv: ${WHY}`;

/** The step's frame, one of a library, one of Node.js. */
const FRAMES = [
  '    at WC (/tmp/ministack-lambda-x-process-upload-ab_1/code/index.js:3:10)',
  '    at async YC (/var/task/index.js:9:1)',
  '    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)',
];

const FAILED = JSON.stringify({
  level: 'ERROR',
  message: 'failed',
  key: 'uploads/a.csv',
  why: WHY,
  function_request_id: 'r-1',
});

/** Events of one function, a millisecond apart. */
const events = (...messages: readonly string[]): LogEvent[] =>
  messages.map((message, time) => ({
    id: String(time),
    time,
    functionName: 'x-process-upload',
    stream: '2026/11/24/[7]abc',
    message,
  }));

/** Line 3 is ours, line 9 a library's. */
const toSource = ({ line }: Place): Place | undefined =>
  line === 3
    ? { file: 'handlers/process-upload/process.ts', line: 12, column: 9 }
    : { file: 'node_modules/@smithy/core/dist-es/x.js', line: 1, column: 1 };

/** What a person sees. */
async function shown(messages: readonly string[], columns = Infinity): Promise<string[]> {
  const asked: unknown[] = [];
  const colours = coloursFor({ write: () => true });
  const print = {
    colours,
    columns,
    namePrefix: 'x',
    toSource: (...code: [string, string | undefined]) => {
      asked.push(code);
      return Promise.resolve(toSource);
    },
  };
  const texts = await Promise.all(readEntries(events(...messages)).map((entry) => entryText(entry, print)));
  for (const code of asked) expect(code).toEqual(['x-process-upload', '7']);
  return texts;
}

const ONE_ENTRY = [
  `00:00:00.001  process-upload  ERROR failed  key=uploads/a.csv  why=${WHY}\n` +
    '    at handlers/process-upload/process.ts:12:9\n' +
    '    … 2 of libraries and Node.js',
];

describe('a failure in the log', () => {
  it('is one entry where the local engine tells it twice, the second time line by line', async () => {
    const engine = [
      'START RequestId: r-1',
      FAILED,
      `RetryableError: ${THROWN}`,
      ...FRAMES,
      'END RequestId: r-1',
    ];

    await expect(shown(engine)).resolves.toEqual(ONE_ENTRY);
  });

  it('is one entry where Lambda tells it three times', async () => {
    const error = {
      errorType: 'FC', // the class after minification
      errorMessage: THROWN,
      stackTrace: [`RetryableError: ${THROWN}`, ...FRAMES],
    };
    const lambda = [
      JSON.stringify({ type: 'platform.start', record: { requestId: 'r-1' } }),
      FAILED,
      JSON.stringify({ level: 'ERROR', requestId: 'r-1', message: error }),
      JSON.stringify({ type: 'platform.report', record: { requestId: 'r-1', status: 'error' } }),
    ];

    await expect(shown(lambda)).resolves.toEqual(ONE_ENTRY);
  });

  it('keeps its own stack, beside that of the event', async () => {
    const own = JSON.stringify({
      ...(JSON.parse(FAILED) as object),
      stack: ['E: own', FRAMES[0]].join('\n'),
    });

    const [entry, ...others] = await shown([own, `RetryableError: 2 of 2 failed`, ...FRAMES]);

    expect(others).toEqual([]);
    expect(entry).toMatch(/process\.ts:12:9$/u);
  });

  it('has the class that the error gives itself where the function says nothing about it', async () => {
    const message = {
      errorType: 'aB',
      errorMessage: 'boo',
      stackTrace: ['RequestedFailure: boo', FRAMES[0]],
    };

    await expect(shown([JSON.stringify({ level: 'ERROR', message })])).resolves.toEqual([
      '00:00:00.000  process-upload  ERROR RequestedFailure: boo\n    at handlers/process-upload/process.ts:12:9',
    ]);
  });

  it('has a message of several lines whole', async () => {
    await expect(shown(['Error: one', 'two', ...FRAMES.slice(0, 1)])).resolves.toEqual([
      '00:00:00.000  process-upload  ERROR Error: one\\ntwo\n    at handlers/process-upload/process.ts:12:9',
    ]);
  });

  it('has the first cause’s stack of an error that the logger wrote', async () => {
    const cause = { name: 'TypeError', message: 'inner', stack: `TypeError: inner\n${FRAMES[0] ?? ''}` };
    const error = {
      name: 'Outer',
      message: 'outer',
      stack: 'Outer: outer\n    at x (/var/task/index.js:9:1)',
      cause,
    };

    await expect(shown([JSON.stringify({ level: 'ERROR', message: 'failed', error })])).resolves.toEqual([
      '00:00:00.000  process-upload  ERROR failed  error=Outer: outer\n    at handlers/process-upload/process.ts:12:9',
    ]);
  });

  it('is not given to the failure of another invocation', async () => {
    const message = { errorType: 'E', errorMessage: 'other', stackTrace: ['E: other', FRAMES[0]] };

    await expect(
      shown([FAILED, JSON.stringify({ level: 'ERROR', requestId: 'r-2', message })]),
    ).resolves.toHaveLength(2);
    await expect(
      shown(['START 1', FAILED, 'END RequestId: 1', 'START 2', 'E: other', ...FRAMES]),
    ).resolves.toHaveLength(2);
  });

  it('is told as time-out by Lambda alone', async () => {
    const report = { type: 'platform.report', record: { requestId: 'r-2', status: 'timeout' } };

    await expect(shown([FAILED, JSON.stringify(report)])).resolves.toHaveLength(2);
  });

  it('has its key shortened in the middle to the width of a terminal', async () => {
    const line = JSON.stringify({ level: 'INFO', message: 'moved', key: `uploads/${'0'.repeat(100)}.csv` });

    await expect(shown([line], 21)).resolves.toEqual([
      '00:00:00.000  process-upload  INFO  moved  key=uploads/00…000000.csv',
    ]);
  });
});

it('a trace without its map says how to make it', async () => {
  const print = {
    colours: coloursFor({ write: () => true }),
    columns: Infinity,
    namePrefix: 'x',
    toSource: () => Promise.resolve(undefined),
  };
  const [entry] = readEntries(events('E: boo', ...FRAMES));
  const text = entry && (await entryText(entry, print));

  expect(text).toContain('at WC (/tmp/ministack-lambda');
  expect(text).toContain('`npm run build` of the commit that was deployed makes it');
});
