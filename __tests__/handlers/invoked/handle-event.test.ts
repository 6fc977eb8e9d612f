import { unguarded, type JobKey } from '../../../handlers/invoked/guard';
import { handleEvent, type World } from '../../../handlers/invoked/handle-event';
import { wrap } from '../../../handlers/shared/invoke-envelope';

function fakeWorld() {
  const logged: Record<string, unknown>[] = [];
  const keys: Record<string, unknown> = {};
  const slept: number[] = [];
  const world: World = {
    environment: { logLevel: 'WARN' },
    requestId: 'own-request',
    guard: unguarded,
    log: {
      appendKeys: (more) => Object.assign(keys, more),
      info: (message, fields) => logged.push({ message, ...keys, ...fields }),
    },
    sleep: (milliseconds) => {
      slept.push(milliseconds);
      return Promise.resolve();
    },
  };
  return { world, logged, slept };
}

describe('invoked', () => {
  it('takes the correlation ID and the deadline up into its logs and its answer', async () => {
    const { world, logged } = fakeWorld();
    const envelope = { correlationId: 'correlation-1', deadline: '2026-01-01T00:00:10.000Z' };

    const answer = await handleEvent(wrap({ echo: 'hello' }, envelope), world);

    expect(answer).toEqual({ echo: 'hello', requestId: 'own-request', logLevel: 'WARN', ...envelope });
    expect(logged).toContainEqual(expect.objectContaining(envelope));
  });

  it('works without an envelope: its own request ID stands in', async () => {
    const { world, logged } = fakeWorld();

    await expect(handleEvent({ echo: 1 }, world)).resolves.toMatchObject({
      echo: 1,
      correlationId: 'own-request',
      deadline: null,
    });
    expect(logged).toContainEqual(expect.objectContaining({ correlationId: 'own-request', deadline: null }));
  });

  it('takes as long as it is asked to', async () => {
    const { world, slept } = fakeWorld();

    await handleEvent({ sleepMs: 5_000 }, world);

    expect(slept).toEqual([5_000]);
  });

  it('fails with the message it is asked to fail with', async () => {
    const { world } = fakeWorld();

    await expect(handleEvent({ fail: 'out of luck' }, world)).rejects.toMatchObject({
      name: 'RequestedFailure',
      message: 'out of luck',
    });
  });

  it('gives a repeated job the answer that its guard has kept, and does not work again', async () => {
    const { world, slept } = fakeWorld();
    const first = await handleEvent({ echo: 1 }, world);

    await expect(
      handleEvent({ echo: 1, sleepMs: 5 }, { ...world, guard: () => Promise.resolve(first) }),
    ).resolves.toBe(first);
    expect(slept).toEqual([0]);
  });

  it('asks no guard about a request that cannot be worked on', async () => {
    const guard = jest.fn();

    await expect(handleEvent({ ecco: 1 }, { ...fakeWorld().world, guard })).rejects.toThrow('ecco');
    expect(guard).not.toHaveBeenCalled();
  });

  describe('knows a job', () => {
    const keyOf = async (event: unknown, more: Partial<World> = {}): Promise<JobKey | undefined> => {
      let asked: JobKey | undefined;
      const guard: World['guard'] = (key, work) => {
        asked = key;
        return work();
      };
      await handleEvent(event, { ...fakeWorld().world, ...more, guard });
      return asked;
    };
    const sent = (correlationId: string, echo: string) => wrap({ echo }, { correlationId });

    it('by its sender’s ID and its request, however it comes', async () => {
      const byQueue = await keyOf(sent('c1', 'a'), { identity: 'queue m1' });

      expect(byQueue).toEqual(await keyOf(sent('c1', 'a'), { identity: 'queue m2', requestId: 'r2' }));
      expect(byQueue).not.toEqual(await keyOf(sent('c2', 'a'), { identity: 'queue m1' }));
      expect(byQueue).not.toEqual(await keyOf(sent('c1', 'b'), { identity: 'queue m1' }));
    });

    it('by its source where its sender gave it none', async () => {
      expect(await keyOf({ echo: 1 }, { identity: 'queue m1' })).toEqual({ identity: 'queue m1' });
    });

    it('by its request where nothing else is known: Lambda’s own retries keep that', async () => {
      expect(await keyOf({ echo: 1 })).toEqual({ identity: 'own-request' });
    });
  });

  it('has its own log level, whatever its caller’s is', async () => {
    const { world } = fakeWorld();
    const fromCaller = wrap({ echo: null }, { correlationId: 'c', logLevel: 'DEBUG' } as never);

    await expect(handleEvent(fromCaller, world)).resolves.toMatchObject({ logLevel: 'WARN' });
  });
});
