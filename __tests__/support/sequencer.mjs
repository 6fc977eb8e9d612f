// @ts-check
import Sequencer from '@jest/test-sequencer';

/** The unit tests that compute for the longest: begun last, one of them would keep one core busy and leave the others idle. */
const COMPUTE = [
  'handlers/process-upload/every-order',
  'operate/redrive/every-order',
  'handlers/process-upload/schedules',
  'capacity/simulate',
  'capacity/advice',
];

/**
 * The end-to-end tests, the longest first. They mostly wait for Terraform: begun first and beside each other, they wait
 * while the unit tests work. One that is not named comes before all of them.
 */
const LONGEST_FIRST = [
  'pipeline',
  'routes',
  'operations',
  'every-option',
  'extending',
  'jobs',
  'upgrade',
  'releases',
  'invoking',
  'configurations',
];

/** The order of the test files: jest's own knows no durations on a clean machine, and goes by size. */
export default class EndToEndFirst extends Sequencer {
  /**
   * @override
   * @param {import('@jest/test-result').Test[]} tests
   */
  async sort(tests) {
    const sorted = await super.sort(tests);
    return sorted.sort((left, right) => rankOf(left.path) - rankOf(right.path));
  }
}

/** @param {string} file */
function rankOf(file) {
  const name = /[\\/]e2e[\\/]([\w-]+)\.test\.ts$/u.exec(file)?.[1];
  if (name !== undefined) return LONGEST_FIRST.indexOf(name);
  const place = COMPUTE.findIndex((one) => file.replaceAll('\\', '/').endsWith(`${one}.test.ts`));
  return LONGEST_FIRST.length + (place === -1 ? COMPUTE.length : place);
}
