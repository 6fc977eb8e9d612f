import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { environments } from '../../config/environments';
import type { SettingsInput } from '../../config/settings';
import { localPaths } from '../../tools/machine/paths';
import { checkPrerequisites } from '../../tools/machine/prerequisites';
import { findProviderSource, withoutMissingConfiguration } from '../../tools/machine/providers';
import { EVERYTHING, synthPipeline } from '../support/synth';

const ENGINE = 'http://127.0.0.1:4566';

describe('terraform validate', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'validate '));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([...Object.entries(environments), ['every option', () => EVERYTHING] as const])(
    'accepts what is synthesized for %s',
    async (name, settings) => {
      const env = withoutMissingConfiguration(process.env);
      const { platform } = await checkPrerequisites({ env, withPython: false });
      const source = await findProviderSource({ paths: localPaths(folder), env, platform });
      const version = source.environment.PIPELINE_AWS_PROVIDER_VERSION;
      const input = settings({ AWS_ENDPOINT_URL: ENGINE });
      const stack = path.join(folder, name);
      mkdirSync(stack);

      writeFileSync(
        path.join(stack, 'cdk.tf.json'),
        synthPipeline(version ? fitMirror(input, version) : input),
      );
      const terraform = (...args: string[]) =>
        promisify(execFile)(env.TERRAFORM_BINARY_NAME ?? 'terraform', args, {
          cwd: stack,
          env: { ...env, ...source.environment, CHECKPOINT_DISABLE: '1' },
        });
      await terraform('init', '-backend=false', '-input=false');
      const { stdout } = await terraform('validate', '-json');

      expect(JSON.parse(stdout)).toMatchObject({ valid: true, diagnostics: [] });
    },
  );
});

/** A mirror may hold the AWS provider alone, and one that does not know the newest runtime yet. */
const fitMirror = (input: SettingsInput, version: string): SettingsInput => ({
  ...input,
  packaging: 'prebuilt',
  functions: { ...input.functions, runtime: 'nodejs22.x' },
  awsProvider: { ...input.awsProvider, version },
});
