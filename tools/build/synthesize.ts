import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App } from 'cdktf';
import type { Settings } from '../../config/settings';
import { PipelineStack } from '../../stacks/pipeline-stack';

/** A resource of the synthesized JSON, its properties in snake case. */
export type Block = Readonly<Record<string, unknown>>;

/** The resources of the synthesized JSON, by type and id. */
export type Resources = Readonly<Record<string, Readonly<Record<string, Block>>>>;

/**
 * Synthesizes the stack in a temporary folder, without the handlers' code: resources and wiring do not depend on it.
 * @param handlers the names of all handlers
 */
export function synthesize(settings: Settings, handlers: readonly string[]): Resources {
  const folder = mkdtempSync(path.join(tmpdir(), 'synth-'));
  try {
    const dist = emptyBuild(folder, handlers);
    const app = new App({ outdir: path.join(folder, 'cdktf.out') });
    const stack = new PipelineStack(app, 'upload-pipeline', settings, dist);
    app.synth();
    const json = path.join(app.outdir, 'stacks', stack.node.id, 'cdk.tf.json');
    return (JSON.parse(readFileSync(json, 'utf8')) as { resource: Resources }).resource;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The reserved concurrency of every function in the stack, by the function's name; undefined: none is reserved. */
export function reservationsOf(resources: Resources): Readonly<Record<string, number | undefined>> {
  return Object.fromEntries(
    Object.values(resources.aws_lambda_function ?? {}).map((block) => [
      String(block.function_name),
      typeof block.reserved_concurrent_executions === 'number'
        ? block.reserved_concurrent_executions
        : undefined,
    ]),
  );
}

function emptyBuild(folder: string, handlers: readonly string[]): string {
  const dist = path.join(folder, 'dist');
  mkdirSync(path.join(dist, 'packages'), { recursive: true });
  for (const name of handlers) {
    mkdirSync(path.join(dist, 'handlers', name), { recursive: true });
    writeFileSync(path.join(dist, 'handlers', name, 'index.js'), '');
    writeFileSync(path.join(dist, 'packages', `${name}.zip`), '');
  }
  return dist;
}
