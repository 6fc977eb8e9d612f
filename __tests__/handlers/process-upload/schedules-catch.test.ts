import * as fc from 'fast-check';
import type { ScenarioOptions } from '../../support/scenarios';
import { keepsItsPromises } from '../../support/schedules';
import { naive, without, type Subject } from '../../support/subjects';

/** The first promise that a subject is seen to break; one schedule is enough, it need not be the shortest. */
async function foundIn(subject: Subject, promise: string, options: ScenarioOptions): Promise<string> {
  const details = await fc.check(keepsItsPromises(options, subject, [promise]), {
    numRuns: 2_000,
    seed: 1,
    endOnFailure: true,
  });
  return details.errorInstance instanceof Error ? details.errorInstance.message : 'nothing';
}

describe('the same schedules catch a mover that', () => {
  test.each([
    ['copies and then deletes, whatever is there', naive, 'lost', { mode: 'replace' }],
    ['copies and then deletes, whatever is there', naive, 'misordered', { mode: 'replace' }],
    ['copies and then deletes, whatever is there', naive, 'replaced', { mode: 'keepBoth' }],
    ['copies and then deletes, whatever is there', naive, 'unprepared', { mode: 'keepBoth' }],
    ['deletes whatever is there', without('IfMatch'), 'lost', { mode: 'keepBoth' }],
    ['replaces and deletes whatever is there', without('IfMatch'), 'misordered', { mode: 'replace' }],
    ['copies whatever is there', without('CopySourceIfMatch'), 'unprepared', { mode: 'replace' }],
    ['replaces whatever is there', without('IfNoneMatch'), 'replaced', { mode: 'keepBoth' }],
    ['replaces whatever is there', without('IfNoneMatch'), 'misordered', { mode: 'replace' }],
    ['forgets what came after a crash', forgetful, 'stranded', { mode: 'replace' }],
  ] as const)('%s', async (_what, subject, promise, options) => {
    await expect(foundIn(subject, promise, options)).resolves.toContain(`${promise}: `);
  });
});

/** Takes every failure for done. */
async function forgetful(...run: Parameters<Subject>): Promise<void> {
  await naive(...run).catch(() => undefined);
}
