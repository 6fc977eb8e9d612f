// @ts-check
// node tools/build/run.mjs FILE.ts [ARGUMENTS…]
// Runs a command of this project from one bundled file, which is made when its sources have changed: loading some 400
// files, each translated on the way, takes five times as long.
import { readFileSync } from 'node:fs';
import * as modules from 'node:module';
import path from 'node:path';
import { compileFunction } from 'node:vm';
import { currentBundle } from './tool-bundle.mjs';

const root = path.resolve(import.meta.dirname, '..', '..');
const [, , entry = '', ...args] = process.argv;
process.argv.splice(1, Infinity, path.resolve(root, entry), ...args);
try {
  const bundle = await currentBundle({ root, entry });
  if (bundle.saved) {
    // From Node.js 22: the compiled code too. https://nodejs.org/api/module.html#moduleenablecompilecachecachedir
    /** @type {{ enableCompileCache?: (folder: string) => unknown }} */ (modules).enableCompileCache?.(
      path.dirname(bundle.file),
    );
    mapStacks(bundle.file);
    modules.createRequire(import.meta.url)(bundle.file);
  } else {
    const module = { exports: {} };
    const names = ['require', 'module', 'exports', '__filename', '__dirname'];
    const run = /** @type {(...values: readonly unknown[]) => void} */ (
      compileFunction(bundle.code, names, { filename: bundle.file })
    );
    const { file } = bundle;
    run(modules.createRequire(file), module, module.exports, file, path.dirname(file));
  }
} catch (error) {
  // esbuild has printed its own messages already.
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  process.exitCode = 1;
}

/**
 * Stacks name the sources. Not by `process.setSourceMapsEnabled`, which reads the map at every start, whether or not
 * there is a stack.
 * @param {string} file
 */
function mapStacks(file) {
  /** @type {modules.SourceMap | undefined} */
  let map;
  /** @param {NodeJS.CallSite & { toString: () => string }} frame */
  const place = (frame) => {
    if (frame.getFileName() !== file) return frame.toString();
    map ??= new modules.SourceMap(
      /** @type {modules.SourceMapPayload} */ (JSON.parse(readFileSync(`${file}.map`, 'utf8'))),
    );
    const entry = map.findEntry((frame.getLineNumber() ?? 1) - 1, (frame.getColumnNumber() ?? 1) - 1);
    if (!('originalSource' in entry)) return frame.toString();
    const source = path.resolve(path.dirname(file), entry.originalSource);
    const name = frame.getFunctionName();
    const where = `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
    return name === null ? where : `${name} (${where})`;
  };
  Error.prepareStackTrace = (error, frames) =>
    [String(error), ...frames.map((frame) => `    at ${place(frame)}`)].join('\n');
}
