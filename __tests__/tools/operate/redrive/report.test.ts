import { InvokeCommand, LambdaClient, TooManyRequestsException } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { asyncInvoke, callWithBatch } from '../../../../tools/operate/redrive/invoke';
import { batchFor, redriveClients } from '../../../../tools/operate/redrive/clients';
import type { Summary } from '../../../../tools/operate/redrive/dependencies';
import { exitCode, redriveReport } from '../../../../tools/operate/redrive/report';

const summary = (rest: Partial<Summary> = {}): Summary => ({
  redriven: 2,
  skipped: {},
  refused: {},
  failedAgain: 0,
  arrived: 0,
  unseen: 0,
  ended: 'empty',
  ...rest,
});

describe('the report of a redrive', () => {
  it('says what became of the records', () => {
    const report = redriveReport(
      summary({
        skipped: { permanent: 1, tooLarge: 1 },
        refused: { Throttled: 3 },
        failedAgain: 1,
        arrived: 2,
      }),
      false,
    );

    expect(report).toBe(
      '2 records redriven\n' +
        '1 record skipped: trying again cannot help (--include-permanent sends it anyway)\n' +
        '1 record skipped: so large that the record might not fit into the queue if they failed again: put the data in a bucket and send its key\n' +
        '3 records not accepted: Throttled\n' +
        '1 record failed again already: npm run failures\n' +
        '2 records arrived meanwhile: left for the next time',
    );
  });

  it('says of a dry run what would be', () => {
    expect(redriveReport(summary(), true)).toBe('2 records would be redriven');
  });

  it.each([
    [
      'empty',
      '2 records not seen: hidden by another redrive or failures, at work or killed; back when its hold',
    ],
    ['stale', '2 records not seen: SQS handed out only known ones in the end. Give a longer --hold'],
    ['stopped', '2 records not seen: this stopped before'],
  ] as const)('says why it has not seen all, when it ended %s', (ended, line) => {
    expect(redriveReport(summary({ unseen: 2, ended }), false)).toContain(line);
  });

  it.each([
    [{}, 0],
    [{ arrived: 1 }, 3],
    [{ unseen: 1 }, 3],
    [{ skipped: { otherSource: 1, noMatch: 1 } }, 0],
    [{ skipped: { permanent: 1 } }, 3],
    [{ skipped: { foreign: 1 } }, 3],
    [{ skipped: { unserved: 1 } }, 3],
    [{ skipped: { tooLarge: 1 } }, 3],
    [{ failedAgain: 1 }, 1],
    [{ refused: { Throttled: 1 }, skipped: { permanent: 1 } }, 1],
  ])('gives %j the exit code %p', (rest, code) => {
    expect(exitCode(summary(rest))).toBe(code);
  });
});

describe('the clients of a redrive', () => {
  it('send a batch of a stream once, because a repeated call runs the function again, and all else up to five times', async () => {
    const { caller, ...others } = redriveClients({ region: 'eu-west-1' });

    await expect(caller.config.maxAttempts()).resolves.toBe(1);
    for (const client of Object.values(others)) await expect(client.config.maxAttempts()).resolves.toBe(5);
  });

  it.each([
    [10, 120, 10],
    [1, 20, 10],
    [1, 10, 5],
    [2, 5, 5],
    [1, 5, 2],
    [1, 1, 1],
  ])('receive, at %p a second and hidden for %p s, %p records at a time', (rate, hold, batch) => {
    expect(batchFor(rate, hold)).toBe(batch);
  });
});

describe('asyncInvoke', () => {
  const lambda = mockClient(LambdaClient);
  const invoke = asyncInvoke(new LambdaClient({}));

  beforeEach(() => {
    lambda.reset();
  });

  it('sends the event asynchronously to the very function', async () => {
    lambda.on(InvokeCommand).resolves({ StatusCode: 202 });

    await expect(invoke('arn:live', '{"a":1}')).resolves.toBe('accepted');
    expect(lambda.commandCalls(InvokeCommand)[0]?.args[0].input).toEqual({
      FunctionName: 'arn:live',
      InvocationType: 'Event',
      Payload: Buffer.from('{"a":1}'),
    });
  });

  it('takes nothing but 202 for an acceptance', async () => {
    lambda.on(InvokeCommand).resolves({ StatusCode: 200 });

    await expect(invoke('f', '{}')).resolves.toEqual({ refused: 'Lambda answered 200 instead of 202' });
  });

  it('says why Lambda refuses', async () => {
    lambda.on(InvokeCommand).rejects(new TooManyRequestsException({ message: 'slow down', $metadata: {} }));

    await expect(invoke('f', '{}')).resolves.toEqual({ refused: 'TooManyRequestsException: slow down' });
  });
});

describe('callWithBatch', () => {
  const lambda = mockClient(LambdaClient);
  const call = callWithBatch(new LambdaClient({}));
  const payload = (json = '') => ({ transformToString: () => json }) as never;
  const answering = (answer: unknown, more: object = {}) =>
    lambda.on(InvokeCommand).resolves({
      StatusCode: 200,
      Payload: payload(JSON.stringify(answer)),
      ...more,
    });

  beforeEach(() => {
    lambda.reset();
  });

  it('sends the batch to the very function and waits', async () => {
    answering({ batchItemFailures: [] });

    await expect(call('arn:live', '{"Records":[]}')).resolves.toBe('done');
    expect(lambda.commandCalls(InvokeCommand)[0]?.args[0].input).toEqual({
      FunctionName: 'arn:live',
      Payload: Buffer.from('{"Records":[]}'),
    });
  });

  it.each([[null], [{}], [{ batchItemFailures: null }], [undefined]])(
    'takes %j for done, as Lambda does',
    async (answer) => {
      answering(answer);

      await expect(call('f', '{}')).resolves.toBe('done');
    },
  );

  it('takes no batch for done of which the function reports a record', async () => {
    answering({ batchItemFailures: [{ itemIdentifier: '10' }] });

    await expect(call('f', '{}')).resolves.toEqual({
      refused: 'the function failed again at records of the batch (batchItemFailures): see its log',
    });
  });

  it('takes no batch for done that the function has thrown at, which is a 200 too', async () => {
    answering({ errorType: 'RequestError', errorMessage: 'no' }, { FunctionError: 'Unhandled' });

    await expect(call('f', '{}')).resolves.toEqual({
      refused: 'the function failed again: RequestError: no',
    });
  });

  it('says why Lambda refuses', async () => {
    lambda.on(InvokeCommand).rejects(new TooManyRequestsException({ message: 'slow down', $metadata: {} }));

    await expect(call('f', '{}')).resolves.toEqual({ refused: 'TooManyRequestsException: slow down' });
  });
});
