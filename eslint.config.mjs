// @ts-check
import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import jest from 'eslint-plugin-jest';
import tseslint from 'typescript-eslint';
import { zones } from './eslint.rooms.mjs';

/** Packages whose root loads hundreds of modules: 5 s and 1.3 GB a synth for the AWS bindings. */
const bindingsByFile = {
  paths: ['@cdktf/provider-aws', '@cdktf/provider-archive'].map((name) => ({
    name,
    message: `Import the binding's file, e.g. '${name}/lib/…': the package root takes seconds to load.`,
  })),
};

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
  {
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.mjs'] })],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.mjs'] },
    },
    rules: {
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones }],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
    },
  },
  {
    files: ['handlers/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          ...bindingsByFile,
          patterns: [{ group: ['cdktf'], message: 'Handlers know nothing of the infrastructure.' }],
        },
      ],
    },
  },
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
