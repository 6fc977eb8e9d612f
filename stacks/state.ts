import path from 'node:path';
import { App, LocalBackend, S3Backend, type TerraformStack } from 'cdktf';
import type { Settings } from '../config/settings';

/** Where Terraform keeps its state. */
export function configureState(stack: TerraformStack, state: Settings['state']): void {
  if (state.type === 's3') {
    const { bucket, key, region } = state;
    new S3Backend(stack, { bucket, key, region, encrypt: true });
    stack.addOverride('terraform.backend.s3.use_lockfile', true); // newer than cdktf's S3Backend
    return;
  }
  // cdktf's default writes this machine's absolute path into the JSON. Terraform runs in the stack's folder, so
  // a path from there to the project's folder means the same everywhere.
  const stackFolder = path.join(App.of(stack).outdir, 'stacks', stack.node.id);
  const statePath = path.relative(stackFolder, path.resolve(state.path)).split(path.sep).join('/');
  new LocalBackend(stack, { path: statePath });
}
