import { execFile } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const project = path.resolve(__dirname, '../..');

/** Builds the handlers as `npm run build` does, into a folder of the test's own, and returns the bundle of one. */
export async function build(outdir: string, name: string, root = project): Promise<string> {
  // In a process of its own: esbuild and Jest disagree about what a Uint8Array is.
  const script = `import { buildHandlers } from ${JSON.stringify(pathToFileURL(path.join(project, 'tools/build/bundle.mjs')).href)};
    await buildHandlers(${JSON.stringify({ root, outdir })});`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  return path.join(outdir, 'handlers', name, 'index.js');
}
