import { handleEvent, type World } from '../../../handlers/invoked/handle-event';
import { wrap } from '../../../handlers/shared/invoke-envelope';

function fakeWorld() {
  const logged: Record<string, unknown>[] = [];
  const keys: Record<string, unknown> = {};
  const slept: number[] = [];
  const world: World = {
    environment: { logLevel: 'WARN' },
    requestId: 'own-request',
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

  it('has its own log level, whatever its caller’s is', async () => {
    const { world } = fakeWorld();
    const fromCaller = wrap({ echo: null }, { correlationId: 'c', logLevel: 'DEBUG' } as never);

    await expect(handleEvent(fromCaller, world)).resolves.toMatchObject({ logLevel: 'WARN' });
  });
});
