import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { zipSync } from 'fflate';
import type { Engine } from '../../tools/local/client';
import { commandEnvironment } from '../../tools/local/environment';
import { lookAtMachine } from '../../tools/machine/machine';
import type { LocalPipeline } from './local-pipeline';

const FIXTURE = path.resolve(__dirname, '../fixtures/tutorial');
export const TUTORIAL_BUCKET = 'tutorial-uploads';

/** The pipeline that tutorials have, by Terraform of its own, in a folder of its own. */
export class Tutorial {
  private constructor(
    private readonly folder: string,
    private readonly command: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** Its files, initialized; nothing is deployed. */
  static async on({ root, paths, env: shell }: LocalPipeline, engine: Engine): Promise<Tutorial> {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'tutorial-'));
    cpSync(FIXTURE, folder, { recursive: true });
    const { outputFiles } = await build({
      entryPoints: [path.join(FIXTURE, 'mover.ts')],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      write: false,
      absWorkingDir: root,
    });
    writeFileSync(
      path.join(folder, 'mover.zip'),
      zipSync({ 'index.js': outputFiles[0]?.contents ?? new Uint8Array() }),
    );
    const provider = { region: 'us-east-1', s3_use_path_style: true, skip_metadata_api_check: true };
    writeFileSync(path.join(folder, 'engine.tf.json'), JSON.stringify({ provider: { aws: provider } }));
    const machine = await lookAtMachine({ root, env: shell, withPython: false, pinProvider: true });
    const env = commandEnvironment(shell, { paths, ...engine, terraform: machine.environment });
    const tutorial = new Tutorial(folder, machine.terraform.command, { ...env });
    await tutorial.terraform('init', '-input=false');
    return tutorial;
  }

  /** `terraform apply`, of all or of one resource. */
  async apply(...options: string[]): Promise<void> {
    await this.terraform('apply', '-input=false', '-auto-approve', ...options);
  }

  /** The edit that docs/adopting.md calls the switch: its function hears of nothing more, and EventBridge of all. */
  async switchOver(): Promise<void> {
    writeFileSync(
      path.join(this.folder, 'notification.tf'),
      'resource "aws_s3_bucket_notification" "uploads" {\n  bucket      = aws_s3_bucket.uploads.id\n  eventbridge = true\n}\n',
    );
    await this.apply();
  }

  /** Takes everything away but the bucket and its switch. */
  async retire(): Promise<void> {
    rmSync(path.join(this.folder, 'function.tf'));
    await this.apply();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private terraform(...args: string[]): Promise<unknown> {
    return promisify(execFile)(this.command, args, { cwd: this.folder, env: this.env });
  }
}
