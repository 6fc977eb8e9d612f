import * as fc from 'fast-check';
import { keepsItsPromises } from '../../support/schedules';

/** More with `npm run test:schedules`. */
const RUNS = 1_500;

describe('whatever the order of uploads, duplicates, crashes, lost answers and retries', () => {
  test.each(['replace', 'keepBoth'] as const)(
    'nothing is lost, stranded, misordered or moved unseen (%s)',
    async (mode) => {
      await fc.assert(keepsItsPromises({ mode }), { numRuns: RUNS });
    },
  );

  test.each(['replace', 'keepBoth'] as const)(
    'nothing is lost or stranded when the same bytes are uploaded again (%s)',
    async (mode) => {
      await fc.assert(keepsItsPromises({ mode, repeats: true }), { numRuns: RUNS / 2 });
    },
  );

  test.each(['replace', 'keepBoth'] as const)(
    'the same holds for objects that are copied in parts (%s)',
    async (mode) => {
      await fc.assert(keepsItsPromises({ mode, size: 5 * 1024 ** 3 + 1 }), { numRuns: 200 });
    },
  );
});
