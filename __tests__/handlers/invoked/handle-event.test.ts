import { unguarded, type JobKey } from '../../../handlers/invoked/guard';
import { handleEvent, type Dependencies } from '../../../handlers/invoked/handle-event';
import { wrap } from '../../../handlers/shared/invoke-envelope';

function fakeDependencies() {
  const logged: Record<string, unknown>[] = [];
  const keys: Record<string, unknown> = {};
  const slept: number[] = [];
  const dependencies: Dependencies = {
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
  return { dependencies, logged, slept };
}

describe('invoked', () => {
  it('takes the correlation ID and the deadline up into its logs and its answer', async () => {
    const { dependencies, logged } = fakeDependencies();
    const envelope = { correlationId: 'correlation-1', deadline: '2026-01-01T00:00:10.000Z' };

    const answer = await handleEvent(wrap({ echo: 'hello' }, envelope), dependencies);

    expect(answer).toEqual({ echo: 'hello', requestId: 'own-request', logLevel: 'WARN', ...envelope });
    expect(logged).toContainEqual(expect.objectContaining(envelope));
  });

  it('works without an envelope: its own request ID stands in', async () => {
    const { dependencies, logged } = fakeDependencies();

    await expect(handleEvent({ echo: 1 }, dependencies)).resolves.toMatchObject({
      echo: 1,
      correlationId: 'own-request',
      deadline: null,
    });
    expect(logged).toContainEqual(expect.objectContaining({ correlationId: 'own-request', deadline: null }));
  });

  it('takes as long as it is asked to', async () => {
    const { dependencies, slept } = fakeDependencies();

    await handleEvent({ sleepMs: 5_000 }, dependencies);

    expect(slept).toEqual([5_000]);
  });

  it('fails with the message it is asked to fail with', async () => {
    const { dependencies } = fakeDependencies();

    await expect(handleEvent({ fail: 'out of luck' }, dependencies)).rejects.toMatchObject({
      name: 'RequestedFailure',
      message: 'out of luck',
    });
  });

  it('gives a repeated job the answer that its guard has kept, and does not work again', async () => {
    const { dependencies, slept } = fakeDependencies();
    const first = await handleEvent({ echo: 1 }, dependencies);

    await expect(
      handleEvent({ echo: 1, sleepMs: 5 }, { ...dependencies, guard: () => Promise.resolve(first) }),
    ).resolves.toBe(first);
    expect(slept).toEqual([0]);
  });

  it('asks no guard about a request that cannot be worked on', async () => {
    const guard = jest.fn();

    await expect(handleEvent({ ecco: 1 }, { ...fakeDependencies().dependencies, guard })).rejects.toThrow(
      'ecco',
    );
    expect(guard).not.toHaveBeenCalled();
  });

  describe('knows a job', () => {
    const keyOf = async (event: unknown, more: Partial<Dependencies> = {}): Promise<JobKey | undefined> => {
      let asked: JobKey | undefined;
      const guard: Dependencies['guard'] = (key, work) => {
        asked = key;
        return work();
      };
      await handleEvent(event, { ...fakeDependencies().dependencies, ...more, guard });
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
    const { dependencies } = fakeDependencies();
    const fromCaller = wrap({ echo: null }, { correlationId: 'c', logLevel: 'DEBUG' } as never);

    await expect(handleEvent(fromCaller, dependencies)).resolves.toMatchObject({ logLevel: 'WARN' });
  });
});
