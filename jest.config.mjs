import { availableParallelism } from 'node:os';

/** How every test file is compiled: swc, no type check (`npm run typecheck` is its own). */
const transform = {
  '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } } }],
};

/** Loaded before each test file. */
const setupFiles = ['<rootDir>/tools/lib/quiet-sdk.ts'];

/** What never holds a test, and would make jest see every module twice. */
const ignored = ['/node_modules/', '/dist/', '/cdktf.out/', '/.local/'];

/** @type {import('jest').Config} */
export default {
  // More than there are cores: an end-to-end test mostly waits for Terraform.
  maxWorkers: Math.max(4, availableParallelism() - 1),
  // Beside them a test that takes a second may take ten.
  testTimeout: 30_000,
  testSequencer: '<rootDir>/__tests__/support/sequencer.mjs',
  projects: [
    {
      displayName: 'unit',
      testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
      testPathIgnorePatterns: [...ignored, '/__tests__/e2e/'],
      modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/cdktf.out/', '<rootDir>/.local/'],
      setupFiles,
      setupFilesAfterEnv: ['<rootDir>/__tests__/support/setup.ts'],
      transform,
    },
    {
      displayName: 'e2e',
      testMatch: ['<rootDir>/__tests__/e2e/**/*.test.ts'],
      testPathIgnorePatterns: ignored,
      setupFiles,
      globalSetup: '<rootDir>/__tests__/e2e/install-engine.ts',
      modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/cdktf.out/', '<rootDir>/.local/'],
      transform,
    },
  ],
};
