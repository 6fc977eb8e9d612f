import { coloursFor } from '../../../tools/lib/terminal';
import { readLogs, type LogSource } from '../../../tools/logs/follow';
import { formatLine, isFailure, readLine, type LogEvent } from '../../../tools/logs/line';

const PLAIN = coloursFor({ write: () => true, isTTY: false });
const event = (id: string, time: number, message = ''): LogEvent => ({
  id,
  time,
  functionName: 'mover',
  stream: 's',
  message,
});
const shown = (message: object | string): string | undefined => {
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  const line = readLine(text);
  return line && formatLine(event('e', 0, text), line, PLAIN);
};

describe('a line of the log', () => {
  it('is read from the logger’s JSON: what matters, without what is in every line', () => {
    const line = {
      level: 'INFO',
      message: 'moved',
      timestamp: '2026-01-01T00:00:00Z',
      service: 'process-upload',
      function_arn: 'arn',
      cold_start: true,
      bucket: 'b',
      key: 'uploads/a b',
      decision: 'moved',
      durationMs: 4321,
    };

    expect(shown(line)).toBe('00:00:00.000  mover  INFO  moved  key=uploads/a b  durationMs=4.3 s');
  });

  it('lets no key break the line or reach the terminal', () => {
    expect(shown({ level: 'INFO', message: 'moved', key: 'a\n\u001b[2J' })).toContain('key=a\\n\\u001b[2J');
  });

  it.each([
    ['metrics', { _aws: {}, UploadsMoved: 1 }],
    ['Lambda’s book-keeping', { type: 'platform.start', record: {} }],
    [
      'a report of success',
      { type: 'platform.report', record: { status: 'success', metrics: { durationMs: 5 } } },
    ],
    ['the old book-keeping', 'REPORT RequestId: x Duration: 5 ms'],
    ['an empty line', '\n'],
  ])('is left out where it is %s', (_, line) => {
    expect(shown(line)).toBeUndefined();
  });

  it('tells of a timeout, which the function itself cannot', () => {
    const report = {
      type: 'platform.report',
      record: { status: 'timeout', metrics: { durationMs: 300_000 } },
    };

    expect(shown(report)).toBe('00:00:00.000  mover  ERROR Lambda: timeout  after=5 min 0 s');
    expect(isFailure(readLine(JSON.stringify(report)) ?? { level: '', text: '', fields: [] })).toBe(true);
  });

  it.each(['plain text', '[1,2]', '"text"', 'null'])('is shown as it is where it is %s', (line) => {
    expect(shown(line)).toBe(`00:00:00.000  mover  INFO  ${line}`);
  });

  it.each([
    ['ERROR', true],
    ['WARN', false],
  ])('of level %s is a failure: %p', (level, failure) => {
    expect(isFailure({ level, text: '', fields: [] })).toBe(failure);
  });
});

describe('following the logs', () => {
  /** Each fetch sees one more of the batches. */
  function source(batches: readonly (readonly LogEvent[])[]) {
    const since: number[] = [];
    const interrupt = new AbortController();
    let fetches = 0;
    const log: LogSource = {
      fetch: (from) => {
        since.push(from);
        fetches += 1;
        if (fetches === batches.length) interrupt.abort();
        const visible = batches.slice(0, fetches).flat();
        return Promise.resolve(
          visible.filter(({ time }) => time >= from).sort((one, other) => one.time - other.time),
        );
      },
      wait: () => Promise.resolve(),
    };
    return { log, since, signal: interrupt.signal };
  }

  it('tells of each event once, late ones too', async () => {
    const { log, signal } = source([
      [event('a', 100_000), event('b', 105_000)],
      [event('late', 101_000), event('c', 106_000)],
      [event('d', 130_000)],
      [],
    ]);
    const told: string[] = [];

    await readLogs(log, {
      since: 0,
      follow: true,
      signal,
      onEvents: (events) => void told.push(...events.map(({ id }) => id)),
    });

    expect(told).toEqual(['a', 'b', 'late', 'c', 'd']);
  });

  it('does not ask for everything again', async () => {
    const { log, since, signal } = source([[event('a', 100_000)], [event('b', 200_000)], []]);

    await readLogs(log, { since: 5, follow: true, signal, onEvents: () => undefined });

    expect(since).toEqual([5, 90_000, 190_000]);
  });

  it('ends with what there is unless it is to follow', async () => {
    const { log, since } = source([[event('a', 1)], [event('b', 2)], []]);

    await readLogs(log, {
      since: 0,
      follow: false,
      signal: new AbortController().signal,
      onEvents: () => undefined,
    });

    expect(since).toHaveLength(1);
  });
});
