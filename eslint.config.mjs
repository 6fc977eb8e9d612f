// @ts-check
import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import jest from 'eslint-plugin-jest';
import tseslint from 'typescript-eslint';

/** Packages whose root loads hundreds of modules: 5 s and 1.3 GB a synth for the AWS bindings. */
const bindingsByFile = {
  paths: ['@cdktf/provider-aws', '@cdktf/provider-archive'].map((name) => ({
    name,
    message: `Import the binding's file, e.g. '${name}/lib/…': the package root takes seconds to load.`,
  })),
};

/**
 * Which folder may import which: docs/architecture.md, "Layers".
 * @param {string[]} files
 * @param {...[string, string]} forbidden pairs of what may not be imported and why
 * @returns {import('eslint').Linter.Config}
 */
const layer = (files, ...forbidden) => ({
  files,
  rules: {
    'no-restricted-imports': [
      'error',
      {
        ...bindingsByFile,
        patterns: forbidden.map(([group, message]) => ({ group: [group], message })),
      },
    ],
  },
});

export default defineConfig(
  // The references have packages of their own, which are installed by the bench only.
  { ignores: ['dist/', 'cdktf.out/', '.local/', 'coverage/', 'bench/reference/'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'no-restricted-imports': ['error', bindingsByFile],
      // A number in a message needs no ceremony.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // TypeScript knows what is defined, in the .mjs files too (checkJs).
      'no-undef': 'off',
    },
  },
  layer(
    ['handlers/**/*.ts'],
    ['**/constructs/**', 'Handlers know nothing of the infrastructure.'],
    ['**/stacks/**', 'Handlers know nothing of the infrastructure.'],
    ['**/config/**', 'Handlers read their environment, not the settings.'],
    ['cdktf', 'Handlers know nothing of the infrastructure.'],
  ),
  layer(
    ['constructs/**/*.ts'],
    ['**/config/**', "Constructs know AWS, not this project's settings."],
    ['**/stacks/**', 'Stacks use constructs, not the other way round.'],
    ['**/handlers/**', 'Constructs know of handlers only their names.'],
  ),
  {
    files: ['__tests__/**/*.ts'],
    ...jest.configs['flat/recommended'],
  },
  {
    files: ['__tests__/**/*.ts'],
    rules: {
      // Helpers of the tests assert too.
      'jest/expect-expect': ['error', { assertFunctionNames: ['expect', 'expect*', 'fc.assert'] }],
    },
  },
  { files: ['**/*.mjs'], rules: { '@typescript-eslint/no-unsafe-argument': 'off' } },
);
