// @ts-check
import { availableParallelism } from 'node:os';
import TestRunner from 'jest-runner';

/** As an end-to-end test has an engine, Terraform, its provider and Node.js at work, a few at a time are many processes. */
const END_TO_END_WORKERS = Math.min(4, Math.max(3, availableParallelism()));

/**
 * Runs unit tests on one set of workers and end-to-end tests on another, beside each other: the former compute, the
 * latter mostly wait. What the latter need of the machine is looked at once (e2e/prepare.ts): where something is
 * missing, the first of them fails with the message, the others are not run, and the unit tests run all the same.
 */
export default class TwoPools {
  supportsEventEmitters = true;

  /** @param {ConstructorParameters<typeof TestRunner>} settings */
  constructor(...[globalConfig, ...others]) {
    const { maxWorkers } = globalConfig;
    this.units = new TestRunner(globalConfig, ...others);
    this.endToEnd = new TestRunner(
      { ...globalConfig, maxWorkers: maxWorkers > 1 ? END_TO_END_WORKERS : 1 },
      ...others,
    );
    /** @type {((event: [import('jest-runner').Test, { message: string, stack: string }]) => unknown)[]} */
    this.failureListeners = [];
  }

  /** @type {TestRunner['on']} */
  on(name, listener) {
    const unsubscribe = [this.units.on(name, listener), this.endToEnd.on(name, listener)];
    // @ts-expect-error -- the compiler does not know that the listener is the one of this event
    if (name === 'test-file-failure') this.failureListeners.push(listener);
    return () => {
      for (const end of unsubscribe) end();
    };
  }

  /** @type {TestRunner['runTests']} */
  async runTests(tests, watcher, options) {
    const endToEnd = tests.filter((test) => test.context.config.displayName?.name === 'e2e');
    const units = tests.filter((test) => !endToEnd.includes(test));
    const first = units.length > 0 && this.units.runTests(units, watcher, options);
    if (options.serial) await first;
    await Promise.all([first, endToEnd.length > 0 && this.runEndToEnd(endToEnd, watcher, options)]);
  }

  /** @type {TestRunner['runTests']} */
  async runEndToEnd(tests, watcher, options) {
    const missing = await globalThis.endToEndMissing;
    if (missing === undefined) return this.endToEnd.runTests(tests, watcher, options);
    const [first] = tests;
    if (first === undefined) return;
    const message = `${tests.length} end-to-end test files cannot run. ${missing}`;
    for (const fail of this.failureListeners) await fail([first, { message, stack: '' }]);
  }
}
