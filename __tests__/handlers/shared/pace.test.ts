import { pace } from '../../../handlers/shared/pace';

/** A clock that only sleeping moves. */
function fakeClock() {
  let now = 0;
  return {
    now: () => now,
    sleep: (milliseconds: number) => Promise.resolve(void (now += milliseconds)),
    pass: (milliseconds: number) => void (now += milliseconds),
  };
}

describe('pace', () => {
  it('lets so many a second begin, evenly', async () => {
    const clock = fakeClock();
    const turn = pace(10, clock);
    const began: number[] = [];
    for (let i = 0; i < 4; i += 1) {
      await turn();
      began.push(clock.now());
    }

    expect(began).toEqual([0, 100, 200, 300]);
  });

  it('counts several at once as several', async () => {
    const clock = fakeClock();
    const turn = pace(10, clock);
    await turn(10);
    await turn();

    expect(clock.now()).toBe(1000);
  });

  it('does not save up what was not used', async () => {
    const clock = fakeClock();
    const turn = pace(10, clock);
    await turn();
    clock.pass(5000);
    await turn();
    await turn();

    expect(clock.now()).toBe(5100);
  });
});
