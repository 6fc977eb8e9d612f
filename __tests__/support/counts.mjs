// @ts-check
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Writes what a run counted to `.local/tests.json`, for `.ci/run`: a log may hold anything, bytes of all kinds too. */
export default class Counts {
  /** @param {import('@jest/types').Config.GlobalConfig} globalConfig */
  constructor({ rootDir }) {
    this.file = path.join(rootDir, '.local', 'tests.json');
  }

  /**
   * A file that fails before its first test counts as one failure.
   * @param {unknown} _contexts
   * @param {import('@jest/test-result').AggregatedResult} results
   */
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
    const counts = { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
    mkdirSync(path.dirname(this.file), { recursive: true });
    writeFileSync(this.file, JSON.stringify(counts));
  }
}
