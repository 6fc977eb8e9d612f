import * as fc from 'fast-check';
import { readAll } from '../../../../tools/operate/failures/queue';
import { FakeQueue } from '../../../support/fake-queue';

describe('reading the failure queue', () => {
  it('reads every message and leaves every one where it was, visible', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 57 }), async (messages) => {
        const fake = new FakeQueue();
        for (let i = 0; i < messages; i += 1) fake.send(`message ${i}`);

        const read = await readAll({ queue: fake.open() });

        expect(read.map(({ body }) => body).sort()).toEqual([...fake.bodies].sort());
        expect(fake.visible).toBe(messages);
      }),
    );
  });

  it('counts a message once that comes again because its hiding ended', async () => {
    const fake = new FakeQueue();
    for (let i = 0; i < 5; i += 1) fake.send(`message ${i}`);

    await expect(readAll({ queue: fake.open(0) })).resolves.toHaveLength(5);
    expect(fake.visible).toBe(5);
  });

  it('does not take one empty answer for the end', async () => {
    const fake = new FakeQueue();
    fake.send('late');
    const queue = fake.open();
    let answers = 0;
    const hesitant = {
      ...queue,
      receive: (most: number) => (++answers === 1 ? Promise.resolve([]) : queue.receive(most)),
    };

    await expect(readAll({ queue: hesitant })).resolves.toHaveLength(1);
  });

  it('gives everything back when it is interrupted', async () => {
    const fake = new FakeQueue();
    for (let i = 0; i < 30; i += 1) fake.send(`message ${i}`);
    const interrupt = new AbortController();

    const read = await readAll({
      queue: fake.open(),
      signal: interrupt.signal,
      onProgress: () => {
        interrupt.abort();
      },
    });

    expect(read).toHaveLength(10);
    expect(fake.visible).toBe(30);
  });

  it('gives back what it has read when the queue fails', async () => {
    const fake = new FakeQueue();
    for (let i = 0; i < 30; i += 1) fake.send(`message ${i}`);
    const queue = fake.open();
    let answers = 0;
    const failing = {
      ...queue,
      receive: (most: number) => (++answers > 2 ? Promise.reject(new Error('gone')) : queue.receive(most)),
    };

    await expect(readAll({ queue: failing })).rejects.toThrow('gone');
    expect(fake.visible).toBe(30);
  });
});
