import * as fc from 'fast-check';
import { exitCode, redriveReport } from '../../../../tools/operate/redrive/report';
import type { Dependencies } from '../../../../tools/operate/redrive/dependencies';
import { awsRecord, streamRecord } from '../../../support/failure-records';
import {
  calling,
  fakeRedrive as fake,
  killedAt,
  NOTHING,
  sending,
} from '../../../support/redrive-dependencies';

const WORKER = 'arn:aws:lambda:eu-west-1:123456789012:function:worker';

/** A stream that has everything, in one event a batch. */
const everything: Dependencies['reread'] = ({ first }) =>
  Promise.resolve({ events: [JSON.stringify({ Records: [first] })], records: 1, expired: false });

const failing: Dependencies['call'] = () => Promise.resolve({ refused: 'the function failed again' });

describe('a redrive of what a stream’s function failed at', () => {
  it('gives the function its records again, and empties the queue', async () => {
    const { queue, called, sent, run } = fake();
    queue.send(streamRecord({ first: '10' }));

    await expect(run({}, { reread: everything })).resolves.toEqual({ ...NOTHING, redriven: 1 });

    expect(called).toEqual([{ functionArn: WORKER, payload: { Records: ['10'] } }]);
    expect(sent).toEqual([]);
    expect(queue.bodies).toEqual([]);
  });

  it('deletes the message only after the function has done every record', async () => {
    const { queue, run } = fake();
    queue.send(streamRecord());

    await expect(run({}, { reread: everything, call: failing })).resolves.toEqual({
      ...NOTHING,
      refused: { 'the function failed again': 1 },
    });
    expect(queue.visible).toBe(1);
  });

  it('sends nothing behind what failed: the order of a shard holds', async () => {
    const { queue, run } = fake();
    queue.send(streamRecord());
    const call = jest.fn<ReturnType<Dependencies['call']>, Parameters<Dependencies['call']>>();
    call.mockResolvedValueOnce('done').mockResolvedValueOnce({ refused: 'again' });

    await run(
      {},
      { reread: () => Promise.resolve({ events: ['1', '2', '3'], records: 3, expired: false }), call },
    );

    expect(call.mock.calls.map(([, event]) => event)).toEqual(['1', '2']);
    expect(queue.visible).toBe(1);
  });

  it('keeps the message of what has expired, says so, and ends 1', async () => {
    const { queue, called, run } = fake();
    queue.send(streamRecord());

    const summary = await run();

    expect(redriveReport(summary, false)).toContain(
      '1 record not accepted: expired, the stream does not keep the records any more ' +
        '(arn:aws:kinesis:eu-west-1:123456789012:stream/jobs, shardId-000000000001, 10 to 12)',
    );
    expect(exitCode(summary)).toBe(1);
    expect(called).toEqual([]);
    expect(queue.visible).toBe(1);
  });

  it('sends what is left of a batch that has expired in part, and keeps its message', async () => {
    const { queue, called, run } = fake();
    queue.send(streamRecord());

    const { refused, redriven } = await run(
      {},
      { reread: () => Promise.resolve({ events: ['{}'], records: 2, expired: true }) },
    );

    expect(called).toHaveLength(1);
    expect(redriven).toBe(0);
    expect(Object.keys(refused)).toEqual([
      expect.stringContaining('only the last 2 of the records are left'),
    ]);
    expect(queue.visible).toBe(1);
  });

  it('keeps the message where the stream cannot be read', async () => {
    const { queue, run } = fake();
    queue.send(streamRecord());

    await expect(
      run({}, { reread: () => Promise.resolve({ refused: 'AccessDeniedException: no' }) }),
    ).resolves.toEqual({ ...NOTHING, refused: { 'AccessDeniedException: no': 1 } });
    expect(queue.visible).toBe(1);
  });

  it('looks on a dry run whether the records are there, and sends none', async () => {
    const { queue, called, run } = fake();
    queue.send(streamRecord({ first: '10' }));
    queue.send(streamRecord({ first: '11' }));
    const reread: Dependencies['reread'] = (place) =>
      place.first === '10' ? everything(place) : Promise.resolve({ events: [], records: 0, expired: true });

    const summary = await run({ dryRun: true }, { reread });

    expect(summary).toMatchObject({ redriven: 1, refused: { [Object.keys(summary.refused)[0] ?? '']: 1 } });
    expect(called).toEqual([]);
    expect(queue.visible).toBe(2);
  });

  it('waits for its pace before each event', async () => {
    const { queue, called, run } = fake();
    queue.send(streamRecord());
    const turns: number[] = [];

    await run(
      {},
      {
        reread: () => Promise.resolve({ events: ['1', '2'], records: 2, expired: false }),
        pace: () => Promise.resolve(void turns.push(called.length)),
      },
    );

    expect(turns).toEqual([0, 1]);
  });

  it.each([
    ['another function’s', { source: 'mover' }, { skipped: { otherSource: 1 } }],
    ['its function’s', { source: 'worker' }, { redriven: 1 }],
    ['another stream’s', { match: 'stream/others' }, { skipped: { noMatch: 1 } }],
    ['its stream’s', { match: 'stream/jobs' }, { redriven: 1 }],
    ['no more than it may', { max: 0 }, { unseen: 1, ended: 'stopped' as const }],
  ])('takes %s', async (_, options, outcome) => {
    const { queue, run } = fake();
    queue.send(streamRecord());

    await expect(run(options, { reread: everything })).resolves.toEqual({ ...NOTHING, ...outcome });
  });

  it('leaves what arrives meanwhile for the next time', async () => {
    const { queue, called, run } = fake();
    queue.send(streamRecord(), queue.now + 1);

    await expect(run({}, { reread: everything })).resolves.toEqual({ ...NOTHING, arrived: 1 });
    expect(called).toEqual([]);
  });

  it('loses nothing when it is killed at any moment, among other failures, and the next one sends the rest', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }),
        fc.nat({ max: 80 }),
        fc.boolean(),
        async (kinds, step, after) => {
          const { queue, sent, called, run } = fake();
          kinds.forEach((stream, i) => {
            queue.send(
              stream ? streamRecord({ first: String(i), last: '99' }) : awsRecord({ key: `uploads/${i}` }),
            );
          });
          const killed = killedAt(step, after);

          const outcome = await Promise.race([
            run(
              {},
              killed.dependencies({
                queue: queue.open(),
                invoke: sending(sent),
                reread: everything,
                call: calling(called),
              }),
            ).then(() => 'done'),
            killed.death,
          ]);

          const deleted = kinds.length - queue.bodies.length;
          expect(sent.length + called.length).toBeGreaterThanOrEqual(deleted);

          queue.now += 60_000; // what the dead one held is visible again
          await run({}, { reread: everything });
          expect(queue.bodies).toEqual([]);
          const streams = kinds.flatMap((stream, i) => (stream ? [String(i)] : []));
          const done = called.map(({ payload }) => (payload as { Records: string[] }).Records[0] ?? '');
          expect([...new Set(done)].sort()).toEqual(streams.sort());
          expect(new Set(sent.map(({ payload }) => JSON.stringify(payload))).size).toBe(
            kinds.length - streams.length,
          );
          expect(sent.length + called.length).toBeLessThanOrEqual(
            kinds.length + (outcome === 'done' ? 0 : 1),
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});
