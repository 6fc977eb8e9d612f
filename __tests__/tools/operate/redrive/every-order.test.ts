import { explore } from '../../../support/explorer/explore';
import { REDRIVE_MUTANTS } from '../../../support/explorer/redrive/redrive-mutants';
import { RedriveWorld } from '../../../support/explorer/redrive/redrive-world';
import { REDRIVE_WORLDS } from '../../../support/explorer/redrive/redrive-worlds';
import { told } from '../../../support/explorer/walk';

describe('in every order of redrives, kills, lost answers and what SQS hands out', () => {
  test.each(REDRIVE_WORLDS)(
    'no record is deleted before its event was accepted, left, or sent in vain: $title',
    async ({ setting }) => {
      const { stories, states } = await explore(new RedriveWorld(setting));
      expect([...stories].map((story) => told(...story)).join('\n')).toBe('');
      expect(states).toBeGreaterThan(5_000);
    },
  );
});

describe('the walk finds a redrive that', () => {
  test.each(REDRIVE_MUTANTS)('$title ($promise)', async ({ subject, promise, setting }) => {
    const { stories } = await explore(new RedriveWorld(setting, subject));
    expect([...stories.keys()].map((line) => line.replace(/:.*/, ''))).toContain(promise);
  });

  test('deletes before it sends, and tells the shortest way to the loss', async () => {
    const [{ subject } = {}] = REDRIVE_MUTANTS;
    const setting = { records: ['event'], redrives: 1, kills: 1 } as const;
    const { stories } = await explore(new RedriveWorld(setting, subject));
    expect(stories.get('lost: event 1')).toEqual([
      'run 1 begins',
      'run 1 counts',
      'run 1 receives event 1',
      'run 1 deletes event 1, and is killed',
      'run 2 begins when all is quiet, and is the last',
      'run 2 counts',
      'run 2 receives nothing',
      'run 2 receives nothing',
    ]);
  });
});
