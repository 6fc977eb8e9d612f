import * as fc from 'fast-check';
import { isDue } from '../../../handlers/sweep/due';

const FIRST = 15;
const due = (age: number, ageThen: number | undefined) =>
  isDue(new Date(0), { now: age, since: ageThen, olderThanMs: FIRST });

describe('an upload that waits', () => {
  it.each([
    ['is not due before its time', 15, undefined, false],
    ['is due when its time has come', 16, 1, true],
    ['is not due again at once', 20, 16, false],
    ['is due again at twice its age', 30, 16, true],
    ['is not due at three times its age', 59, 31, false],
    ['is due at four times its age', 61, 59, true],
    ['is due where no pass was complete before', 1_000, undefined, true],
    ['is due where the note is from the future', 1_000, 1_001, true],
  ])('%s', (_, age, ageThen, expected) => {
    expect(due(age, ageThen)).toBe(expected);
  });

  it('becomes due at least as often as its age doubles, however the passes lie', () => {
    const passes = fc.uniqueArray(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(passes, (times) => {
        const sorted = [...times].sort((a, b) => a - b);
        let tried = 0;
        sorted.forEach((age, i) => {
          if (due(age, sorted[i - 1])) tried = age;
          // Tried at the first pass after its time, and never left for longer than it had waited then.
          expect(age <= FIRST || (tried > 0 && age < 2 * tried)).toBe(true);
        });
      }),
    );
  });
});
