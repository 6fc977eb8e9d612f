import { handleEvent, type Dependencies } from '../../../handlers/caller/handle-event';
import { ENVELOPE, wrap } from '../../../handlers/shared/invoke-envelope';
import {
  accepted,
  answered,
  fakeInvokes,
  payloadOf,
  throttled,
  type Reply,
} from '../../support/lambda-fakes';

const ANSWER = {
  echo: 'hello',
  requestId: 'callee-request',
  correlationId: 'own-request',
  deadline: '2026-01-01T00:00:10.000Z',
  logLevel: 'WARN',
};

function fakeDependencies(...replies: Reply[]) {
  const calls = fakeInvokes(replies, { remainingMilliseconds: 100, random: () => 1 });
  const keys: Record<string, unknown> = {};
  const dependencies: Dependencies = {
    environment: { invokedFunctionName: 'test-invoked', maxEventBytes: 1_000, logLevel: 'INFO' },
    requestId: 'own-request',
    log: { appendKeys: (more) => Object.assign(keys, more), info: () => undefined },
    calls: (correlationId) => ({ ...calls.dependencies, correlationId }),
  };
  return { dependencies, keys, sent: calls.sent };
}

describe('caller', () => {
  it('in mode sync answers what the other function answered', async () => {
    const { dependencies, sent } = fakeDependencies(answered(ANSWER));

    await expect(handleEvent({ mode: 'sync', payload: { echo: 'hello' } }, dependencies)).resolves.toEqual({
      mode: 'sync',
      answer: ANSWER,
    });
    expect(sent).toMatchObject([{ FunctionName: 'test-invoked', InvocationType: 'RequestResponse' }]);
  });

  it('in mode async answers that the event is accepted', async () => {
    const { dependencies, sent } = fakeDependencies(accepted);

    await expect(handleEvent({ mode: 'async', payload: {} }, dependencies)).resolves.toEqual({
      mode: 'async',
      accepted: true,
      requestId: 'callee-request',
    });
    expect(sent).toMatchObject([{ InvocationType: 'Event' }]);
  });

  it.each([
    ['its own request ID', { mode: 'sync', payload: 1 }, 'own-request'],
    [
      'the correlation ID it was called with',
      wrap({ mode: 'sync', payload: 1 }, { correlationId: 'earlier' }),
      'earlier',
    ],
  ])('passes %s on, and logs under it', async (_, event, correlationId) => {
    const { dependencies, sent, keys } = fakeDependencies(answered(ANSWER));

    await handleEvent(event, dependencies);

    expect(payloadOf(sent[0])).toMatchObject({ [ENVELOPE]: { correlationId }, payload: 1 });
    expect(keys).toEqual({ correlationId });
  });

  it('fails with the error of the call, which Lambda reports by its name', async () => {
    const { dependencies } = fakeDependencies(throttled());

    await expect(handleEvent({ mode: 'sync', payload: {} }, dependencies)).rejects.toMatchObject({
      name: 'ThrottledError',
    });
  });

  it.each([
    [{ mode: 'wait', payload: {} }, 'mode: got "wait"; expected "sync" or "async".'],
    [{ payload: {} }, 'mode: got nothing; expected "sync" or "async".'],
    [null, 'mode: got nothing; expected "sync" or "async".'],
  ])('refuses %j', async (event, message) => {
    const { dependencies, sent } = fakeDependencies(accepted);

    await expect(handleEvent(event, dependencies)).rejects.toThrow(message);
    expect(sent).toEqual([]);
  });
});
