import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { environments } from '../../config/environments';
import type { SettingsInput } from '../../config/settings';
import { lookAtMachine } from '../../tools/machine/machine';
import { EVERYTHING, synthPipeline } from '../support/synth';

const root = path.resolve(__dirname, '../..');
const ENGINE = 'http://127.0.0.1:4566';

describe('terraform validate', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'validate '));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([...Object.entries(environments), ['every option', () => EVERYTHING] as const])(
    'accepts what is synthesized for %s',
    async (name, settings) => {
      const { env, terraform: found } = await lookAtMachine({
        root,
        env: process.env,
        withPython: false,
        pinProvider: true,
      });
      const version = env.PIPELINE_AWS_PROVIDER_VERSION;
      const input = settings({ AWS_ENDPOINT_URL: ENGINE });
      const stack = path.join(folder, name);
      mkdirSync(stack);

      writeFileSync(
        path.join(stack, 'cdk.tf.json'),
        synthPipeline(version ? fitMirror(input, version) : input),
      );
      const terraform = (...args: string[]) =>
        promisify(execFile)(found.command, args, { cwd: stack, env: { ...env, CHECKPOINT_DISABLE: '1' } });
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
