import type { Dependencies } from '../../../../tools/operate/redrive/dependencies';
import { lookedAt, redriveAll } from '../../../../tools/operate/redrive/several';
import { awsRecord } from '../../../support/failure-records';
import { FakeQueue } from '../../../support/fake-queue';
import { sending, type Sent } from '../../../support/redrive-dependencies';

const OPTIONS = { mover: 'mover', prefixes: ['uploads/', 'processed/'] };

function world() {
  const sent: Sent[] = [];
  const queues = [new FakeQueue(), new FakeQueue()];
  for (const queue of queues) for (const key of ['uploads/a', 'uploads/b']) queue.send(awsRecord({ key }));
  queues[1]?.send('not ours');
  const dependencies = queues.map((queue): Dependencies => ({
    queue: queue.open(),
    invoke: sending(sent),
    sendBack: () => Promise.resolve('accepted'),
    reread: () => Promise.resolve({ refused: 'no stream' }),
    call: () => Promise.resolve('done'),
    pace: () => Promise.resolve(),
    signal: new AbortController().signal,
  }));
  return { sent, queues, dependencies };
}

describe('a redrive of several queues', () => {
  it('goes through each, and counts them as one', async () => {
    const { sent, queues, dependencies } = world();
    const seen: number[] = [];

    const summary = await redriveAll(dependencies, OPTIONS, (now) => seen.push(lookedAt(now)));

    expect(summary).toMatchObject({ redriven: 4, skipped: { foreign: 1 }, ended: 'empty' });
    expect(sent).toHaveLength(4);
    expect(queues.map(({ bodies }) => bodies.length)).toEqual([0, 1]);
    expect(seen).toEqual([1, 2, 3, 4, 5]);
  });

  it('sends no more than wanted from all of them together', async () => {
    const { queues, dependencies } = world();

    await expect(redriveAll(dependencies, { ...OPTIONS, max: 3 }, () => undefined)).resolves.toMatchObject({
      redriven: 3,
    });
    expect(queues.map(({ bodies }) => bodies.length)).toEqual([0, 2]);
  });

  it('leaves a queue alone where the one before it had as many as wanted', async () => {
    const { queues, dependencies } = world();

    await expect(redriveAll(dependencies, { ...OPTIONS, max: 2 }, () => undefined)).resolves.toMatchObject({
      redriven: 2,
    });
    expect(queues.map(({ bodies }) => bodies.length)).toEqual([0, 3]);
  });
});
