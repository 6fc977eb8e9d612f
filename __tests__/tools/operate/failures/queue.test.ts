import * as fc from 'fast-check';
import { readAll, type Queue } from '../../../../tools/operate/failures/queue';
import { FakeQueue } from '../../../support/fake-queue';

describe('reading the failure queue', () => {
  it('reads every message and leaves every one where it was, visible', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 57 }), async (number) => {
        const fake = new FakeQueue();
        for (let i = 0; i < number; i += 1) fake.send(`message ${i}`);

        const { messages: read, unseen } = await readAll({ queue: fake.open() });

        expect(unseen.number).toBe(0);
        expect(read.map(({ body }) => body).sort()).toEqual([...fake.bodies].sort());
        expect(fake.visible).toBe(number);
      }),
    );
  });

  it('counts a message once that comes again because its hiding ended', async () => {
    const fake = new FakeQueue();
    for (let i = 0; i < 5; i += 1) fake.send(`message ${i}`);

    expect((await readAll({ queue: fake.open(0) })).messages).toHaveLength(5);
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

    expect((await readAll({ queue: hesitant })).messages).toHaveLength(1);
  });

  it('gives everything back when it is interrupted', async () => {
    const fake = new FakeQueue();
    for (let i = 0; i < 30; i += 1) fake.send(`message ${i}`);
    const interrupt = new AbortController();

    const { messages } = await readAll({
      queue: fake.open(),
      signal: interrupt.signal,
      onProgress: () => {
        interrupt.abort();
      },
    });

    expect(messages).toHaveLength(10);
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

  it('counts those that someone else hides, of whom a killed redrive is one', async () => {
    const fake = new FakeQueue();
    for (let i = 0; i < 2; i += 1) fake.send(`message ${i}`);
    await fake.open().receive(10);

    await expect(readAll({ queue: fake.open() })).resolves.toEqual({
      messages: [],
      unseen: { number: 2, held: true },
    });
  });

  it('counts those that it did not reach because others came back first', async () => {
    const fake = new FakeQueue();
    for (let i = 0; i < 600; i += 1) fake.send(`message ${i}`);
    const queue = fake.open(1000);
    const slow = {
      ...queue,
      receive: (most: number) => {
        fake.now += 50;
        return queue.receive(most);
      },
    };

    const { messages, unseen } = await readAll({ queue: slow });

    expect(messages.length).toBeLessThan(600);
    expect(unseen).toEqual({ number: 600 - messages.length, held: false });
  });

  it('takes no message that arrives meanwhile for one that was there', async () => {
    const fake = new FakeQueue();
    fake.send('hidden');
    await fake.open().receive(1);
    fake.send('old');
    fake.send('new', fake.now + 1);

    const { messages, unseen } = await readAll({ queue: { ...fake.open(), count: countOf(fake, 2) } });

    expect(messages.map(({ body }) => body)).toEqual(['old', 'new']);
    expect(unseen.number).toBe(1);
  });
});

/** As many as there were when the reading began, then as many as there are. */
function countOf(fake: FakeQueue, before: number): Queue['count'] {
  let counts = 0;
  return async () => (++counts === 1 ? { visible: before, hidden: 0 } : fake.open().count());
}
