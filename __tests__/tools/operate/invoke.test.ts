import type { InvokeCommandInput } from '@aws-sdk/client-lambda';
import { EXIT_CODES, invocation, type InvocationProps } from '../../../tools/operate/invoke/invocation';
import { parseSettings } from '../../../config/environments';
import { keptBytes } from '../../../handlers/shared/failure-record';
import { requireKept } from '../../../tools/operate/invoke/kept';
import { invokedName } from '../../../tools/operate/invoke/name';
import { readable } from '../../../tools/operate/invoke/log';
import { report } from '../../../tools/operate/invoke/report';
import { coloursFor } from '../../../tools/lib/terminal';
import type { Place } from '../../../tools/logs/trace';
import { accepted, answered, sdkError, throttled, type Reply } from '../../support/lambda-fakes';

const WORKING = '{"message":"Working","timestamp":"2026-01-01T00:00:01.000Z"}';
const LOG = `START RequestId: 1\n${WORKING}\n\nEND RequestId: 1\n`;

async function invoking(reply: Exclude<Reply, 'silence'>, props: Partial<InvocationProps> = {}) {
  const sent: InvokeCommandInput[] = [];
  const result = await invocation({
    functionName: 'test-caller',
    payload: '{"n":1}',
    async: false,
    send: (input) => {
      sent.push(input);
      return reply instanceof Error ? Promise.reject(reply) : Promise.resolve(reply);
    },
    ...props,
  });
  const colours = coloursFor({ write: () => undefined });
  const toSource = () =>
    Promise.resolve(({ line }: Place) => ({ file: 'handlers/caller/handle-event.ts', line, column: 1 }));
  const told = await readable(result, { colours, columns: Infinity, toSource });
  const { stdout, stderr } = report(result, { took: '4.2 s', colours, ...told });
  return { result, exitCode: EXIT_CODES[result.outcome], sent, stdout, stderr };
}

describe('an event that nobody waits for', () => {
  it.each([
    [undefined, 1_048_576],
    ['5.100.0', 262_144],
  ])(
    'is refused with provider %p from the byte on that the queue of %p bytes could not keep',
    (version, queue) => {
      const settings = parseSettings(
        { namePrefix: 'test', ...(version && { awsProvider: { version } }) },
        'test',
      );
      const most = 'x'.repeat(keptBytes(queue));

      expect(() => {
        requireKept(most, settings);
      }).not.toThrow();
      expect(() => {
        requireKept(`${most}x`, settings);
      }).toThrow(
        `PAYLOAD: got ${keptBytes(queue) + 1} bytes; expected ${keptBytes(queue)} at most with --async`,
      );
    },
  );
});

const withLog = { LogResult: Buffer.from(LOG).toString('base64') };

describe('npm run invoke', () => {
  it('prints the answer, and apart from it how long it took and the end of the log', async () => {
    const { exitCode, sent, stdout, stderr } = await invoking(answered({ echo: 1 }, withLog));

    expect(exitCode).toBe(0);
    expect(sent).toEqual([
      {
        FunctionName: 'test-caller',
        Payload: Buffer.from('{"n":1}'),
        InvocationType: 'RequestResponse',
        LogType: 'Tail',
      },
    ]);
    expect(stdout).toBe('{\n  "echo": 1\n}');
    expect(stderr).toBe(
      '✓ test-caller answered in 4.2 s (request ID callee-request)\nLog, its last 4 KB\n  00:00:01.000  test-caller  INFO  Working',
    );
  });

  it('prints the function’s error with its line in TypeScript, and its log, and exits with 1', async () => {
    const failure = {
      errorType: 'CalleeError',
      errorMessage: 'boo',
      trace: ['CalleeError: boo', '    at x (/var/task/index.js:7:1)'],
    };
    const { exitCode, stdout, stderr } = await invoking(
      answered(failure, { FunctionError: 'Unhandled', ...withLog }),
    );

    expect(exitCode).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toBe(
      '✗ test-caller failed after 4.2 s (request ID callee-request)\n' +
        '  CalleeError: boo\n    at handlers/caller/handle-event.ts:7:1\n' +
        'Log, its last 4 KB\n  00:00:01.000  test-caller  INFO  Working',
    );
  });

  it('takes class and stack from the log where the answer has lost them, as the local engine’s has', async () => {
    const failure = { errorType: 'Runtime.HandlerError', errorMessage: 'boo' };
    const log = `${LOG}CalleeError: boo\n    at x (/var/task/index.js:7:1)\n`;
    const { stderr } = await invoking(
      answered(failure, { FunctionError: 'Unhandled', LogResult: Buffer.from(log).toString('base64') }),
    );

    expect(stderr).toContain('  CalleeError: boo\n    at handlers/caller/handle-event.ts:7:1\nLog');
    expect(stderr.match(/boo/gu)).toHaveLength(1);
  });

  it('prints an error without a stack as it came', async () => {
    const { stderr } = await invoking(answered({ errorType: 'E', odd: 1 }, { FunctionError: 'Unhandled' }));

    expect(stderr).toContain('"odd": 1');
  });

  it('exits with 3 when the function was throttled, and says that it did not run', async () => {
    const { exitCode, stderr, sent } = await invoking(throttled());

    expect(exitCode).toBe(3);
    expect(stderr).toBe(
      '✗ test-caller has no free execution (ReservedFunctionConcurrentInvocationLimitExceeded). It did not run: try again.',
    );
    expect(sent).toHaveLength(1);
  });

  it.each([
    ['ResourceNotFoundException', 'There is no function test-caller. Is it deployed'],
    ['AccessDeniedException', 'You may not invoke test-caller'],
    ['CredentialsProviderError', 'There are no AWS credentials'],
    ['TimeoutError', 'test-caller could not be invoked: TimeoutError: TimeoutError of the service.'],
  ])('exits with 1 and the way out on %s', async (name, message) => {
    const { exitCode, stderr } = await invoking(sdkError(name));

    expect(exitCode).toBe(1);
    expect(stderr).toContain(message);
  });

  it('hands over and does not wait with --async; there is no log to ask for', async () => {
    const { exitCode, sent, stdout, stderr } = await invoking(accepted, { async: true });

    expect(exitCode).toBe(0);
    expect(sent[0]).toEqual({
      FunctionName: 'test-caller',
      Payload: Buffer.from('{"n":1}'),
      InvocationType: 'Event',
    });
    expect(stdout).toBe('');
    expect(stderr).toContain('Lambda has taken the event for test-caller (request ID callee-request)');
  });

  it('has all of it in one object for machines', async () => {
    const { result } = await invoking(answered('done', withLog));

    expect(JSON.parse(JSON.stringify(result))).toEqual({
      functionName: 'test-caller',
      outcome: 'answered',
      requestId: 'callee-request',
      answer: 'done',
      log: ['START RequestId: 1', WORKING, 'END RequestId: 1'],
    });
  });
});

describe('the name that a function is invoked by', () => {
  const settings = parseSettings(
    { namePrefix: 'acme', region: 'eu-west-1', processUpload: { release: { alias: true } } },
    'test',
  );

  it.each([
    ['process-upload', 'acme-process-upload:live'],
    ['caller', 'acme-caller'],
    ['sweep', 'acme-sweep'],
  ])(
    'of %s is %s: the alias where there is one, because the bare name runs what was taken back',
    (name, invoked) => {
      expect(invokedName(settings, name)).toBe(invoked);
    },
  );
});
