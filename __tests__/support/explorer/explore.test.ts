import { at, changed, explore, type World } from './explore';
import type { Start } from './replay';
import { Replays } from './replays';

/** Two counters that step up to `top`, one like the other; both at the top is a broken promise. */
const counters = (top: number): World => ({
  initial: [0, 0],
  canonical: (state) => [...state].sort((one, other) => other - one),
  broken: (state) => (state.every((value) => value === top) ? ['both are up'] : []),
  edges: (state) =>
    [0, 1]
      .filter((place) => at(state, place) < top)
      .map((place) => ({
        to: changed(state, [place, at(state, place) + 1]),
        tell: () => ({
          actor: place,
          enters: at(state, place) === 0,
          words: `goes to ${at(state, place) + 1}`,
        }),
      })),
});

describe('a walk', () => {
  it('meets every state once, as far as they differ in more than who is who', async () => {
    const top = 99;
    // Pairs, the greater one first: 1 + 2 + … + 100; in 99 of them one counter can still step up, in 4,950 both.
    await expect(explore(counters(top))).resolves.toMatchObject({
      states: 5_050,
      edges: 2 * 4_950 + 99,
      depth: 198,
    });
  });

  it('tells the shortest story, and who is who in it', async () => {
    const { stories } = await explore(counters(2));
    expect(stories.get('both are up')).toEqual([
      'run 1 goes to 1',
      'run 1 goes to 2',
      'run 2 goes to 1',
      'run 2 goes to 2',
    ]);
  });
});

describe('runs', () => {
  const named = (what: string) => ({ value: what });

  /** Says that it begins anew after each answer; and remembers the first one all the same, if told to. */
  const code =
    (remembers: boolean): Start =>
    async (ask, beginsWith) => {
      const first = await ask('first', () => 'a');
      beginsWith('second');
      await ask('second', () => 'b');
      await ask(remembers ? `third, after ${first}` : 'third', () => 'c');
    };

  async function played(remembers: boolean): Promise<[Replays, number, number]> {
    const replays = new Replays();
    const run = replays.begin(code(remembers));
    await replays.settle();
    const seconds = ['a', 'b'].map((name) => replays.after(run, name, named(name)));
    await replays.settle();
    const [one = 0, other = 0] = seconds.map((second) => replays.same(second));
    replays.after(one, 'c', named('c'));
    await replays.settle();
    return [replays, one, other];
  }

  it('are one where they began with the same and have had the same answers since', async () => {
    const [replays, one, other] = await played(false);
    expect(one).toBe(other);
    expect(replays.standing(replays.after(one, 'c', named('c')))?.asks?.label).toBe('third');
  });

  it('are not believed to be one where they do not go on alike', async () => {
    await expect(played(true)).rejects.toThrow('Not the same run: after b, c it wants third, after b');
  });
});
