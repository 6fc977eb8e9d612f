import * as fc from 'fast-check';
import { readJobs, workOff, type Job } from '../../../handlers/shared/jobs';
import { sqsEvent, sqsRecord } from '../../support/routes';

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');

const kinesisEvent = (...payloads: unknown[]) => ({
  Records: payloads.map((payload, index) => ({
    eventSource: 'aws:kinesis',
    kinesis: { partitionKey: 'p', sequenceNumber: `s${index + 1}`, data: base64(payload) },
  })),
});

const dynamoDbEvent = (...images: unknown[]) => ({
  Records: images.map((image, index) => ({
    eventSource: 'aws:dynamodb',
    eventName: image === undefined ? 'REMOVE' : 'INSERT',
    dynamodb: { SequenceNumber: `d${index + 1}`, NewImage: image },
  })),
});

const fifoRecord = (id: string, group: string, body: unknown) => ({
  ...sqsRecord(id, JSON.stringify(body)),
  eventSourceARN: 'arn:aws:sqs:eu-west-1:111122223333:jobs.fifo',
  attributes: { MessageGroupId: group },
});

const events = (event: unknown): unknown[] => (readJobs(event) ?? []).map((job) => job.event());

/** Does the jobs; those that say `fail` fail. */
async function work(jobs: readonly Job[]) {
  const done: unknown[] = [];
  const begun: string[] = [];
  const response = await workOff(jobs, async (job) => {
    begun.push(job.id);
    const event = await Promise.resolve(job.event());
    if ((event as { fail?: boolean }).fail === true) throw new Error('as asked');
    done.push(event);
  });
  return { done, begun, back: response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) };
}

describe('readJobs', () => {
  it('finds the jobs of a queue, a Kinesis stream and a DynamoDB stream', () => {
    expect(events(sqsEvent({ a: 1 }, { b: 2 }))).toEqual([{ a: 1 }, { b: 2 }]);
    expect(events(kinesisEvent({ a: 'ü' }))).toEqual([{ a: 'ü' }]);
    expect(
      events(
        dynamoDbEvent({
          text: { S: 'x' },
          number: { N: '1.5' },
          flag: { BOOL: false },
          none: { NULL: true },
          list: { L: [{ N: '1' }, { M: { deep: { S: 'y' } } }] },
          numbers: { NS: ['1', '2'] },
        }),
      ),
    ).toEqual([
      { text: 'x', number: 1.5, flag: false, none: null, list: [1, { deep: 'y' }], numbers: [1, 2] },
    ]);
  });

  it('knows each job by what stays the same when it comes again', () => {
    const kinesis = kinesisEvent({ a: 1 }).Records.map((record) => ({
      ...record,
      eventSourceARN: 'stream/jobs',
      eventID: 'shardId-1:s1',
    }));
    const other = kinesis.map((record) => ({ ...record, eventID: 'shardId-2:s1' }));
    const identities = (Records: unknown[]) => (readJobs({ Records }) ?? []).map(({ identity }) => identity);

    expect(identities(kinesis)).toEqual(['stream/jobs shardId-1:s1']);
    expect(identities(other)).toEqual(['stream/jobs shardId-2:s1']);
    expect(identities([sqsRecord('m1', '{}')])).toEqual(['arn:aws:sqs:eu-west-1:111122223333:uploads m1']);
  });

  it.each(['constructor', 'toString', '__proto__'])('knows no source called %s', (eventSource) => {
    expect(readJobs({ Records: [{ eventSource }] })).toBeUndefined();
  });

  it('takes a deleted item for no job', () => {
    expect(events(dynamoDbEvent(undefined, { id: { S: '1' } }))).toEqual([{ id: '1' }]);
  });

  it.each([
    ['0', 0],
    ['-1.50', -1.5],
    ['9007199254740991', 9_007_199_254_740_991],
    ['1E+125', 1e125],
    ['0.1', 0.1],
    ['0.00000000000000000000000001', 1e-26],
    ['9007199254740993', '9007199254740993'],
    ['-12345678901234567890', '-12345678901234567890'],
    ['3.14159265358979323846', '3.14159265358979323846'],
  ])(
    'reads the number %s with all its digits, as text where a number of JavaScript would lose some',
    (N, read) => {
      expect(events(dynamoDbEvent({ one: { N }, set: { NS: [N] } }))).toEqual([{ one: read, set: [read] }]);
    },
  );

  it.each(['INSERT', 'MODIFY', undefined])(
    'fails a job (%s) whose stream does not carry the new item: it is not done',
    async (eventName) => {
      const record = { eventSource: 'aws:dynamodb', eventName, dynamodb: { SequenceNumber: 'd1', Keys: {} } };
      const jobs = readJobs({ Records: [record] }) ?? [];

      await expect(work(jobs)).resolves.toMatchObject({ back: ['d1'], done: [] });
      expect(() => jobs[0]?.event()).toThrow('has no NewImage: set the StreamViewType of the table');
    },
  );

  it.each([{ sleepMs: 1 }, {}, undefined, { Records: [] }, { Records: [{ eventSource: 'aws:s3' }] }])(
    'leaves %j alone: it is itself the job',
    (event) => {
      expect(readJobs(event)).toBeUndefined();
    },
  );
});

describe('workOff', () => {
  it('sends exactly the one bad job of ten back to a standard queue', async () => {
    const jobs = readJobs(sqsEvent(...Array.from({ length: 10 }, (_, i) => ({ i, fail: i === 3 })))) ?? [];

    const { done, back } = await work(jobs);

    expect(back).toEqual(['m4']);
    expect(done).toHaveLength(9);
  });

  it('counts what is not JSON as failed, and does its neighbours', async () => {
    expect(await work(readJobs(sqsEvent('{', { ok: true })) ?? [])).toMatchObject({
      back: ['m1'],
      done: [{ ok: true }],
    });
  });

  it('has a stream come again from the first failure on', async () => {
    const jobs = readJobs(kinesisEvent({ i: 1 }, { fail: true }, { i: 3 })) ?? [];

    const { done, begun, back } = await work(jobs);

    expect(done).toEqual([{ i: 1 }]);
    expect(begun).toEqual(['s1', 's2']);
    expect(back).toEqual(['s2', 's3']);
  });

  it('keeps the order of each group of a FIFO queue, and stops none for another', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ group: fc.constantFrom('a', 'b', 'c'), fail: fc.boolean() }), { minLength: 1 }),
        async (messages) => {
          const records = messages.map(({ group, fail }, i) => fifoRecord(`m${i}`, group, { i, fail }));

          const { done, back } = await work(readJobs({ Records: records }) ?? []);

          const stopped = (index: number): boolean =>
            messages.slice(0, index + 1).some(({ group, fail }) => fail && group === messages[index]?.group);
          const expected = messages.map((_, i) => i);
          expect([...back].sort()).toEqual(
            expected
              .filter(stopped)
              .map((i) => `m${i}`)
              .sort(),
          );
          for (const group of ['a', 'b', 'c']) {
            const order = (done as { i: number }[])
              .map(({ i }) => i)
              .filter((i) => messages[i]?.group === group);
            expect(order).toEqual(expected.filter((i) => messages[i]?.group === group && !stopped(i)));
          }
        },
      ),
    );
  });

  it('does not take the group of a fair queue for an order', async () => {
    const records = [{ fail: true }, { i: 2 }].map((body, i) => ({
      ...sqsRecord(`m${i + 1}`, JSON.stringify(body)),
      attributes: { MessageGroupId: 'tenant' },
    }));

    expect(await work(readJobs({ Records: records }) ?? [])).toMatchObject({
      back: ['m1'],
      done: [{ i: 2 }],
    });
  });
});
