import { deadline, marginsOf, rejectOnAbort } from '../../../handlers/shared/deadline';

test('stops half a second before the end, and gives up shortly before it', () => {
  expect(marginsOf(60_000)).toEqual({ stopAfter: 59_500, giveUpAfter: 59_850 });
});

test('takes less where little time is left, and never a time that has passed', () => {
  expect(marginsOf(1_000)).toEqual({ stopAfter: 750, giveUpAfter: 916 });
  expect(marginsOf(0)).toEqual({ stopAfter: 0, giveUpAfter: 0 });
  expect(marginsOf(-5)).toEqual({ stopAfter: 0, giveUpAfter: 0 });
});

test('aborts at once when no time is left', async () => {
  const { stop, giveUp } = deadline(0);
  await expect(rejectOnAbort(stop, () => new Error('stopped'))).rejects.toThrow('stopped');
  await expect(rejectOnAbort(giveUp, () => new Error('gave up'))).rejects.toThrow('gave up');
});

test('rejects when the signal is aborted, before or after', async () => {
  const late = new AbortController();
  const rejection = rejectOnAbort(late.signal, () => new Error('late'));
  late.abort();
  await expect(rejection).rejects.toThrow('late');
  await expect(rejectOnAbort(AbortSignal.abort(), () => new Error('early'))).rejects.toThrow('early');
});

test('stops and gives up in time, and not at all once it has ended', () => {
  jest.useFakeTimers();
  try {
    const [running, ended] = [deadline(10_000), deadline(10_000)];
    ended.end();

    jest.advanceTimersByTime(9_500);
    expect([running.stop.aborted, running.giveUp.aborted]).toEqual([true, false]);

    jest.advanceTimersByTime(350);
    expect([running.stop.aborted, running.giveUp.aborted]).toEqual([true, true]);
    expect([ended.stop.aborted, ended.giveUp.aborted]).toEqual([false, false]);
    expect(jest.getTimerCount()).toBe(0);
  } finally {
    jest.useRealTimers();
  }
});
