import * as fc from 'fast-check';
import type { Queue } from '../../../../tools/operate/failures/queue';
import { MAX_KEPT_BYTES } from '../../../../handlers/shared/failure-record';
import { exitCode } from '../../../../tools/operate/redrive/report';
import { s3Event } from '../../../support/events';
import {
  awsRecord,
  engineRecord,
  givenUpBy,
  MOVER_ARN,
  undeliveredByRule,
  undeliveredBySchedule,
  writtenBeside,
} from '../../../support/failure-records';
import { fakeRedrive as fake, killedAt, NOTHING, sending } from '../../../support/redrive-dependencies';
import { eventBridgeEvent, snsNotification } from '../../../support/routes';

describe('redrive', () => {
  it('sends the original event back to its function and empties the queue', async () => {
    const { queue, sent, run } = fake();
    queue.send(awsRecord({ key: 'uploads/a' }));
    queue.send(engineRecord({ key: 'uploads/b' }));

    await expect(run()).resolves.toEqual({ ...NOTHING, redriven: 2 });

    expect(sent).toEqual([
      { functionArn: `${MOVER_ARN}:$LATEST`, payload: s3Event({ key: 'uploads/a', etag: 'e', size: 1 }) },
      { functionArn: `${MOVER_ARN}:$LATEST`, payload: s3Event({ key: 'uploads/b', etag: 'e', size: 1 }) },
    ]);
    expect(queue.bodies).toEqual([]);
  });

  it.each([
    ['an ordinary job', '{"payload":{"echo":1}}'],
    ['a job that looks like an S3 event', JSON.stringify(s3Event({ key: 'uploads/a' }))],
    ['a job that looks like an event of EventBridge', JSON.stringify(eventBridgeEvent({ key: 'uploads/a' }))],
    ['a job that looks like a record of Lambda’s', JSON.stringify(awsRecord())],
    ['a job that is not JSON', 'hello'],
  ])('sends %s back to the queue that gave it up, byte for byte, and to no function', async (_, body) => {
    const { queue, sent, sentBack, run } = fake();
    const { attributes } = writtenBeside({ tenant: 'a' });
    queue.send(body, undefined, { ...givenUpBy('acme-jobs'), attributes });

    await expect(run()).resolves.toEqual({ ...NOTHING, redriven: 1 });

    expect(sentBack).toEqual([{ queue: 'acme-jobs', body, attributes }]);
    expect(sent).toEqual([]);
    expect(queue.bodies).toEqual([]);
  });

  it.each([
    ['EventBridge', eventBridgeEvent({ key: 'uploads/a' }), undeliveredByRule(), MOVER_ARN],
    [
      'the scheduler',
      s3Event({ key: 'uploads/a' }),
      undeliveredBySchedule(),
      'arn:aws:lambda:eu-west-1:123456789012:function:worker:live',
    ],
    ['SNS', snsNotification(s3Event({ key: 'uploads/a' })), {}, 'mover'],
  ])(
    'sends an event that %s could not deliver to the function it was for',
    async (_, event, beside, target) => {
      const { queue, sent, run } = fake();
      queue.send(event, undefined, beside);

      await expect(run()).resolves.toEqual({ ...NOTHING, redriven: 1 });

      expect(sent).toEqual([{ functionArn: target, payload: event }]);
      expect(queue.bodies).toEqual([]);
    },
  );

  it('keeps a message that its queue does not take back, and says why', async () => {
    const { queue, run } = fake();
    queue.send('{}', undefined, givenUpBy('acme-jobs'));

    await expect(
      run({}, { sendBack: () => Promise.resolve({ refused: 'QueueDoesNotExist' }) }),
    ).resolves.toEqual({ ...NOTHING, refused: { QueueDoesNotExist: 1 } });
    expect(queue.visible).toBe(1);
  });

  it('deletes a record only after its event was accepted', async () => {
    const { queue, run } = fake();
    queue.send(awsRecord());
    let left = -1;

    await run(
      {},
      { invoke: () => Promise.resolve((left = queue.bodies.length) && 'accepted') as Promise<'accepted'> },
    );

    expect(left).toBe(1);
    expect(queue.bodies).toEqual([]);
  });

  it('deletes a record again that SQS hands out again, and sends its event once', async () => {
    const { queue, sent, run } = fake();
    queue.send(awsRecord());
    const open = queue.open();
    let deletes = 0;
    const forgetful: Queue = {
      ...open,
      delete: async (message) => {
        deletes += 1;
        await (deletes === 1 ? open.giveBack([message]) : open.delete(message));
      },
    };

    await expect(run({}, { queue: forgetful })).resolves.toEqual({ ...NOTHING, redriven: 1 });
    expect(sent).toHaveLength(1);
    expect(queue.bodies).toEqual([]);
  });

  it('keeps what Lambda refuses, visible, and says why', async () => {
    const { queue, run } = fake();
    queue.send(awsRecord());

    await expect(
      run({}, { invoke: () => Promise.resolve({ refused: 'TooManyRequestsException' }) }),
    ).resolves.toEqual({ ...NOTHING, refused: { TooManyRequestsException: 1 } });
    expect(queue.visible).toBe(1);
  });

  it.each([
    ['a message that nothing says the origin of', s3Event({ key: 'uploads/a' }), {}, 'foreign'],
    ['what trying again cannot mend', awsRecord({ errorType: 'PermanentError' }), {}, 'permanent'],
    ['what another function failed at', awsRecord(), { source: 'other' }, 'otherSource'],
    ['what does not match', awsRecord(), { match: 'b.csv' }, 'noMatch'],
    ['an upload under a prefix that is not served any more', awsRecord({ key: 'old/a' }), {}, 'unserved'],
    [
      'an event that could not be kept if it failed again',
      awsRecord({ payload: 'x'.repeat(MAX_KEPT_BYTES - 1) }),
      {},
      'tooLarge',
    ],
  ])('leaves %s alone', async (_, body, options, why) => {
    const { queue, sent, run } = fake();
    queue.send(body);

    await expect(run(options)).resolves.toEqual({ ...NOTHING, skipped: { [why]: 1 } });
    expect(sent).toEqual([]);
    expect(queue.visible).toBe(1);
  });

  it.each([
    ['told so', awsRecord({ errorType: 'PermanentError' }), { includePermanent: true }],
    ['of the function', awsRecord(), { source: 'mover' }],
    ['whose key matches', awsRecord({ key: 'uploads/2026/b.csv' }), { match: '2026/' }],
    ['whose error matches', awsRecord({ errorMessage: 'AccessDenied: no' }), { match: 'AccessDenied' }],
    [
      'that holds one upload at least under a prefix that is served',
      awsRecord({ payload: s3Event({ key: 'old/a' }, { key: 'uploads/a' }) }),
      {},
    ],
    ['under a former prefix', awsRecord({ key: 'old/a' }), { prefixes: ['in/', 'done/', 'old/', 'was/'] }],
    ['under no prefix, told so', awsRecord({ key: 'old/a' }), { includePermanent: true }],
    [
      'of another function, whose keys are none of the pipeline’s',
      awsRecord({ key: 'old/a', functionArn: `${MOVER_ARN}-not` }),
      {},
    ],
    ['that just fits', awsRecord({ payload: 'x'.repeat(MAX_KEPT_BYTES - 2) }), {}],
  ])('sends a record %s', async (_, body, options) => {
    const { queue, run } = fake();
    queue.send(body);

    await expect(run(options)).resolves.toEqual({ ...NOTHING, redriven: 1 });
    expect(queue.bodies).toEqual([]);
  });

  it('sends nothing on a dry run, says what it would send, and leaves everything visible', async () => {
    const { queue, sent, run } = fake();
    queue.send(awsRecord());
    queue.send('hello');

    await expect(run({ dryRun: true })).resolves.toEqual({
      ...NOTHING,
      redriven: 1,
      skipped: { foreign: 1 },
    });
    expect(sent).toEqual([]);
    expect(queue.visible).toBe(2);
  });

  it('waits for its pace before each record', async () => {
    const { queue, sent, run } = fake();
    for (let i = 0; i < 3; i += 1) queue.send(awsRecord({ key: `uploads/${i}` }));
    const turns: number[] = [];

    await run({}, { pace: () => Promise.resolve(void turns.push(sent.length)) });

    expect(turns).toEqual([0, 1, 2]);
  });

  it('stops between two records when it is interrupted, and gives the others back', async () => {
    const { queue, sent, interrupt, run } = fake();
    for (let i = 0; i < 25; i += 1) queue.send(awsRecord({ key: `uploads/${i}` }));

    await run(
      {},
      {
        onProgress: ({ redriven }) => {
          if (redriven === 7) interrupt.abort();
        },
      },
    );

    expect(sent).toHaveLength(7);
    expect(queue.visible).toBe(18);
  });

  it('does not go round with what fails again at once', async () => {
    const { queue, sent, run } = fake();
    for (let i = 0; i < 3; i += 1) queue.send(awsRecord({ key: `uploads/${i}` }));

    const result = await run(
      {},
      {
        invoke: (functionArn, payload) => {
          sent.push({ functionArn, payload });
          if (sent.length > 100) throw new Error('It goes round for ever.');
          const { s3 } = (JSON.parse(payload) as ReturnType<typeof s3Event>).Records[0] ?? {};
          queue.send(awsRecord({ key: s3?.object.key ?? '' }), queue.now + 1);
          return Promise.resolve('accepted');
        },
      },
    );

    expect(result).toEqual({ ...NOTHING, redriven: 3, failedAgain: 3 });
    expect(sent).toHaveLength(3);
    expect(queue.visible).toBe(3);
  });

  it('leaves what arrives meanwhile for the next time', async () => {
    const { queue, run } = fake();
    queue.send(awsRecord({ key: 'uploads/new' }), queue.now + 1);

    await expect(run()).resolves.toEqual({ ...NOTHING, arrived: 1 });
    expect(queue.visible).toBe(1);
  });

  it('ends although something arrives at every receive', async () => {
    const { queue, run } = fake();
    queue.send(awsRecord());
    const open = queue.open();
    let receives = 0;
    const busy: Queue = {
      ...open,
      receive: (most) => {
        receives += 1;
        if (receives > 1000) throw new Error('It goes on for ever.');
        if (receives % 2 === 0) queue.send(awsRecord({ key: `uploads/${receives}` }), queue.now + 1);
        return open.receive(most);
      },
    };

    await expect(run({}, { queue: busy })).resolves.toMatchObject({ redriven: 1, ended: 'stale' });
    expect(receives).toBeLessThan(100);
  });

  it('says how many it did not reach because skipped ones came back first', async () => {
    const { queue, run } = fake();
    for (let i = 0; i < 600; i += 1)
      queue.send(awsRecord({ errorType: 'PermanentError', key: `uploads/${i}` }));
    for (let i = 0; i < 30; i += 1) queue.send(awsRecord({ key: `uploads/good ${i}` }));
    const open = queue.open(1000);
    const slow: Queue = {
      ...open,
      receive: (most) => {
        queue.now += 50;
        return open.receive(most);
      },
    };

    const summary = await run({}, { queue: slow });

    const permanent = summary.skipped.permanent ?? 0;
    expect(permanent).toBeLessThan(600);
    expect(summary).toEqual({
      ...NOTHING,
      skipped: { permanent },
      unseen: 630 - permanent,
      ended: 'stale',
    });
    expect(exitCode(summary)).toBe(3);
  });

  it('says how many another redrive hides, at work or killed', async () => {
    const { queue, run } = fake();
    for (let i = 0; i < 12; i += 1) queue.send(awsRecord({ key: `uploads/${i}` }));
    await queue.open().receive(2);

    const summary = await run();

    expect(summary).toEqual({ ...NOTHING, redriven: 10, unseen: 2 });
    expect(exitCode(summary)).toBe(3);
  });

  it('says how many it has not looked at when it stops before the end', async () => {
    const { queue, run } = fake();
    for (let i = 0; i < 25; i += 1) queue.send(awsRecord({ key: `uploads/${i}` }));

    await expect(run({ max: 12 })).resolves.toEqual({
      ...NOTHING,
      redriven: 12,
      unseen: 13,
      ended: 'stopped',
    });
  });

  it('takes the queue’s word only for an approximation: all were seen if either count says so', async () => {
    const { queue, run } = fake();
    queue.send(awsRecord());
    const open = queue.open();
    let counts = 0;
    const late: Queue = {
      ...open,
      count: async () => (++counts === 1 ? { visible: 1, hidden: 2 } : open.count()),
    };

    await expect(run({}, { queue: late })).resolves.toEqual({ ...NOTHING, redriven: 1 });
    expect(counts).toBe(2);
  });

  it('loses nothing when it is killed at any moment, and the next one sends the rest', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 25 }),
        fc.nat({ max: 80 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 10 }),
        async (records, step, after, batch) => {
          const { queue, sent, run } = fake();
          const keys = Array.from({ length: records }, (_, i) => `uploads/${i}`);
          for (const key of keys) queue.send(awsRecord({ key }));
          const killed = killedAt(step, after);

          const outcome = await Promise.race([
            run({ batch }, killed.dependencies({ queue: queue.open(), invoke: sending(sent) })).then(
              () => 'done',
            ),
            killed.death,
          ]);

          const left = queue.bodies.map((body) =>
            JSON.stringify((JSON.parse(body) as { requestPayload: unknown }).requestPayload),
          );
          const accepted = sent.map(({ payload }) => JSON.stringify(payload));
          for (const key of keys) {
            expect([...left, ...accepted]).toContain(JSON.stringify(s3Event({ key, etag: 'e', size: 1 })));
          }

          queue.now += 60_000; // what the dead one held is visible again
          await run({ batch });
          expect(queue.bodies).toEqual([]);
          expect(new Set(sent.map(({ payload }) => JSON.stringify(payload))).size).toBe(records);
          expect(sent.length).toBeLessThanOrEqual(records + (outcome === 'done' ? 0 : 1)); // at worst one twice
        },
      ),
      { numRuns: 500 },
    );
  });
});
