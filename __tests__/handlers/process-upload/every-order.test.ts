import { readFileSync } from 'node:fs';
import { EXCEPTIONS } from '../../support/explorer/exceptions';
import { explore } from '../../support/explorer/explore';
import { MoveWorld } from '../../support/explorer/move-world';
import { HARMLESS, MUTANTS } from '../../support/explorer/mutants';
import { walk } from '../../support/explorer/walk';
import { mover, moverWith } from '../../support/subjects';
import { MODES, SMALL_WORLDS, worldOf } from '../../support/explorer/worlds';

const worlds = SMALL_WORLDS.flatMap((world) => MODES.map((mode) => ({ ...world, mode, world })));

describe('in every order of uploads, events, crashes and lost answers', () => {
  test.each(worlds)(
    'nothing is lost, stranded, misordered or moved unseen: $title ($mode)',
    async ({ world, mode }) => {
      const { broken, states } = await walk(world, mode);
      expect(broken.join('\n')).toBe('');
      expect(states).toBeGreaterThan(5_000);
    },
  );
});

describe('the exceptions', () => {
  const adr = readFileSync('docs/adr/0002-level-triggered-move.md', 'utf8').replace(/\s+/g, ' ');

  // A large world's is met by --exhaustive.
  const met = EXCEPTIONS.filter(({ world }) => SMALL_WORLDS.some(({ title }) => title === world));

  test.each(met)(
    'are met, and told in the ADR: $world, $broken',
    async ({ world, mode, broken, story, paragraph }) => {
      const { stories } = await explore(new MoveWorld({ ...worldOf(world).setting, mode }), { first: true });
      expect(stories.get(broken)?.filter((line) => story.includes(line))).toEqual(story);
      expect(adr).toContain(paragraph);
    },
  );
});

describe('the walk finds a handler that', () => {
  test.each(MUTANTS)('$title ($mode: $promise)', async ({ subject, mode, promise, setting }) => {
    const { stories } = await explore(new MoveWorld({ ...setting, mode }, subject));
    expect([...stories.keys()].map((line) => line.replace(/:.*/, ''))).toContain(promise);
  });

  test(`and nothing in one that ${HARMLESS.title}`, async () => {
    const { subject, setting, mode } = HARMLESS;
    const { stories } = await explore(new MoveWorld({ ...setting, mode }, subject));
    expect([...stories.keys()]).toEqual([]);
  });

  test('and an upload whose event is lost where no sweep comes', async () => {
    const { stories } = await explore(
      new MoveWorld({ mode: 'replace', uploads: 'A', runs: 1, lostEvents: 1 }),
    );
    expect(stories.get('stranded: uploads/a (A)')).toEqual(['A is uploaded', 'the event of A is lost']);
  });

  test('and one that does not serve the prefixes of before a change: it fails, and is not silent', async () => {
    const setting = { mode: 'replace', uploads: 'A', runs: 1, newPrefixes: true } as const;
    const forgets = moverWith({ uploadPrefix: 'in/', processedPrefix: 'done/' });
    const { stories } = await explore(new MoveWorld(setting, mover, forgets));
    expect([...stories.keys()]).toEqual([expect.stringMatching(/^failed: PermanentError: /)]);
  });
});
