import type { Context } from 'aws-lambda';
import * as fc from 'fast-check';
import type { InvokedAnswer } from '../../../../handlers/invoked/contract';
import { dynamoDbGuard } from '../../../../handlers/invoked/lazy/dynamodb-guard';
import { isAnswerNotKept } from '../../../../handlers/invoked/guard';
import { DynamoDbModel } from '../../../support/dynamodb-model';

const REMAINING_MS = 30_000;

const answer = (echo: unknown): InvokedAnswer => ({
  echo,
  requestId: 'r1',
  correlationId: 'c1',
  deadline: null,
  logLevel: 'INFO',
});

describe('the guard', () => {
  let table: DynamoDbModel;
  let now = 0;

  beforeEach(() => {
    table = new DynamoDbModel();
    now = Date.parse('2026-11-21T00:00:00Z');
    jest.spyOn(Date, 'now').mockImplementation(() => now);
  });
  afterEach(() => {
    table.restore();
    jest.restoreAllMocks();
  });

  const guard = () =>
    dynamoDbGuard(
      { tableName: 'jobs', expiresAfterHours: 1 },
      { AWS_REGION: 'eu-west-1' },
    )({
      getRemainingTimeInMillis: () => REMAINING_MS,
    } as Context);

  it('has a job done, and answers its repetition as the first time', async () => {
    const work = jest.fn(() => Promise.resolve(answer({ deep: [1e300, null, 'ü'] })));

    const first = await guard()({ identity: 'm1' }, work);
    const second = await guard()({ identity: 'm1' }, work);

    expect(first).toEqual(answer({ deep: [1e300, null, 'ü'] }));
    expect(second).toEqual(first);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('knows a job by its members in any order', async () => {
    const work = jest.fn(() => Promise.resolve(answer(1)));

    await guard()({ correlationId: 'c', payload: { a: 1, b: [{ c: 1, d: 2 }, 3] } }, work);
    await guard()({ payload: { b: [{ d: 2, c: 1 }, 3], a: 1 }, correlationId: 'c' }, work);
    expect(work).toHaveBeenCalledTimes(1);
    await guard()({ correlationId: 'c', payload: { a: 1, b: [3, { c: 1, d: 2 }] } }, work);
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('needs two requests for a job, and one for its repetition', async () => {
    const work = () => Promise.resolve(answer(1));

    await guard()({ identity: 'm1' }, work);
    expect(table.requests).toEqual(['PutItem', 'UpdateItem']);
    await guard()({ identity: 'm1' }, work);
    expect(table.requests).toEqual(['PutItem', 'UpdateItem', 'PutItem']);
  });

  it('refuses a job that is being worked on, so that its source tries again', async () => {
    let finish: (value: InvokedAnswer) => void = () => undefined;
    const first = guard()({ identity: 'm1' }, () => new Promise((resolve) => (finish = resolve)));
    await Promise.resolve();

    await expect(guard()({ identity: 'm1' }, () => Promise.resolve(answer(2)))).rejects.toMatchObject({
      name: 'JobInProgressError',
    });
    finish(answer(1));
    await expect(first).resolves.toEqual(answer(1));
  });

  it('forgets a job that failed: it is done when it comes again', async () => {
    await expect(guard()({ identity: 'm1' }, () => Promise.reject(new Error('as asked')))).rejects.toThrow(
      'as asked',
    );

    await expect(guard()({ identity: 'm1' }, () => Promise.resolve(answer(2)))).resolves.toEqual(answer(2));
  });

  it('lets a job be done again when the time of whoever began it is up', async () => {
    void guard()({ identity: 'm1' }, () => new Promise(() => undefined));
    await Promise.resolve();
    now += REMAINING_MS + 1;

    await expect(guard()({ identity: 'm1' }, () => Promise.resolve(answer(2)))).resolves.toEqual(answer(2));
  });

  it.each([1, 2])('has a job done although the answer to its beginning is lost %i times', async (times) => {
    table.lost.set('PutItem', times);
    const work = jest.fn(() => Promise.resolve(answer(1)));

    await expect(guard()({ identity: 'm1' }, work)).resolves.toEqual(answer(1));
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('does not block a job that it did not begin because every answer was lost', async () => {
    table.lost.set('PutItem', 3);
    const work = jest.fn(() => Promise.resolve(answer(1)));
    await expect(guard()({ identity: 'm1' }, work)).rejects.toThrow('socket hang up');
    expect(work).not.toHaveBeenCalled();

    table.lost.clear();
    await expect(guard()({ identity: 'm1' }, work)).resolves.toEqual(answer(1));
  });

  it('forgets a failed job although that answer is lost, and leaves a later attempt alone', async () => {
    table.lost.set('DeleteItem', 1);
    let fail: (error: Error) => void = () => undefined;
    const first = guard()({ identity: 'm1' }, () => new Promise((_, reject) => (fail = reject)));
    await Promise.resolve();
    now += REMAINING_MS + 1; // its time is up, and the next attempt begins
    let finish: (value: InvokedAnswer) => void = () => undefined;
    const second = guard()({ identity: 'm1' }, () => new Promise((resolve) => (finish = resolve)));
    await new Promise(setImmediate);

    fail(new Error('late'));
    await expect(first).rejects.toThrow('late');
    await expect(guard()({ identity: 'm1' }, () => Promise.resolve(answer(3)))).rejects.toMatchObject({
      name: 'JobInProgressError',
    });
    finish(answer(2));
    await expect(second).resolves.toEqual(answer(2));
  });

  it('remembers a job that was done late, although the attempt after it fails', async () => {
    let finish: (value: InvokedAnswer) => void = () => undefined;
    const first = guard()({ identity: 'm1' }, () => new Promise((resolve) => (finish = resolve)));
    await Promise.resolve();
    now += REMAINING_MS + 1; // by this clock its time is up, and the next attempt begins
    let fail: (error: Error) => void = () => undefined;
    const second = guard()({ identity: 'm1' }, () => new Promise((_, reject) => (fail = reject)));
    await new Promise(setImmediate);

    finish(answer(1));
    await first;
    fail(new Error('as asked'));
    await expect(second).rejects.toThrow('as asked');
    await expect(guard()({ identity: 'm1' }, () => Promise.resolve(answer(3)))).resolves.toEqual(answer(1));
  });

  it('remembers for as long as it is set to', async () => {
    const work = jest.fn(() => Promise.resolve(answer(1)));
    await guard()({ identity: 'm1' }, work);

    now += 3_599_000;
    await guard()({ identity: 'm1' }, work);
    expect(work).toHaveBeenCalledTimes(1);

    now += 2_000;
    await guard()({ identity: 'm1' }, work);
    expect(work).toHaveBeenCalledTimes(2);
    expect([...table.items.values()][0]?.expiration).toEqual({ N: String(Math.round(now / 1000) + 3600) });
  });

  it('does not work where the table cannot be asked', async () => {
    table.failures.set('PutItem', new Error('AccessDeniedException'));
    const work = jest.fn(() => Promise.resolve(answer(1)));

    await expect(guard()({ identity: 'm1' }, work)).rejects.toThrow('AccessDeniedException');
    expect(work).not.toHaveBeenCalled();
  });

  it('remembers that a job is done whose answer is too large to keep', async () => {
    const large = answer('x'.repeat(400_000));
    const work = jest.fn(() => Promise.resolve(large));

    await expect(guard()({ identity: 'm1' }, work)).resolves.toBe(large);
    const repeated: unknown = await guard()({ identity: 'm1' }, work).catch((error: unknown) => error);

    expect(isAnswerNotKept(repeated)).toBe(true);
    expect(repeated).toMatchObject({
      message: 'This job was done before. Its answer of 400083 bytes was not kept: 390000 fit.',
    });
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('has each job done once, in whatever order and at once its repetitions come, unless it failed', async () => {
    const attempt = fc.record({ job: fc.constantFrom('a', 'b', 'c'), fails: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(attempt, { minLength: 1, maxLength: 12 }),
        fc.scheduler(),
        async (attempts, s) => {
          table.items.clear();
          table.turn = () => s.schedule(Promise.resolve(), 'DynamoDB');
          const done: Record<string, number> = {};
          const busy = new Set<string>();
          const attend = async (job: string, fails: boolean, n: number) =>
            guard()({ identity: job }, async () => {
              expect(busy.has(job)).toBe(false);
              busy.add(job);
              await s.schedule(Promise.resolve(), 'work');
              busy.delete(job);
              if (fails) throw new Error('as asked');
              done[job] = (done[job] ?? 0) + 1;
              return answer(n);
            });

          const attended = attempts.map(({ job, fails }, n) => attend(job, fails, n));
          const settled = await s.waitFor(Promise.allSettled(attended));

          const answers = settled.flatMap((one, n) =>
            one.status === 'fulfilled' ? { job: attempts[n]?.job ?? '', value: one.value } : [],
          );
          const refusals = settled.flatMap((one) =>
            one.status === 'rejected' && one.reason instanceof Error ? one.reason.name : [],
          );
          expect(refusals.filter((name) => !['Error', 'JobInProgressError'].includes(name))).toEqual([]);
          expect(refusals.length + answers.length).toBe(attempts.length);
          expect(done).toEqual(Object.fromEntries(answers.map(({ job }) => [job, 1])));
          // Whoever got an answer got the one there is; and asked again, gets it again.
          for (const { job, value } of answers) {
            expect(await s.waitFor(attend(job, false, 99))).toEqual(value);
            expect(done[job]).toBe(1);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
