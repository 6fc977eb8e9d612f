import { availableParallelism } from 'node:os';

/** How every test file is compiled: swc, no type check (`npm run typecheck` is its own). */
const transform = {
  '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } } }],
};

/** Loaded before each test file. */
const setupFiles = ['<rootDir>/tools/lib/quiet-sdk.ts'];

/** What never holds a test, and would make jest see every module twice. */
const ignored = ['/node_modules/', '/dist/', '/cdktf.out/', '/.local/'];

/** Unit and end-to-end tests beside each other, each kind on workers of its own. */
const runner = '<rootDir>/__tests__/support/runner.mjs';

/** @type {import('jest').Config} */
export default {
  // For unit tests, which compute; the runner has fewer for end-to-end tests. With one, jest would use no workers at all.
  maxWorkers: Math.max(2, availableParallelism()),
  // Files leave memory behind, and what a test allocates costs more the more there is: a random schedule four times as
  // much with 760 MB. A worker that has more than this after a file is started anew.
  workerIdleMemoryLimit: '400MB',
  // Ends what hangs, and nothing else: a test that takes a second may take a hundred on a busy machine.
  testTimeout: 10 * 60_000,
  reporters: ['default', '<rootDir>/__tests__/support/counts.mjs'],
  testSequencer: '<rootDir>/__tests__/support/sequencer.mjs',
  projects: [
    {
      displayName: 'unit',
      testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
      testPathIgnorePatterns: [...ignored, '/__tests__/e2e/'],
      modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/cdktf.out/', '<rootDir>/.local/'],
      setupFiles,
      runner,
      setupFilesAfterEnv: ['<rootDir>/__tests__/support/setup.ts'],
      transform,
    },
    {
      displayName: 'e2e',
      testMatch: ['<rootDir>/__tests__/e2e/**/*.test.ts'],
      testPathIgnorePatterns: ignored,
      setupFiles,
      runner,
      setupFilesAfterEnv: ['<rootDir>/__tests__/e2e/setup.ts'],
      globalSetup: '<rootDir>/__tests__/e2e/prepare.ts',
      modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/cdktf.out/', '<rootDir>/.local/'],
      transform,
    },
  ],
};
