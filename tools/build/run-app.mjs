// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import * as modules from 'node:module';
import path from 'node:path';
import { unlessUnchanged } from './unchanged.mjs';

/**
 * Bundles handlers and app, unless that would give the same bytes, then runs the app in this process. No type check, so
 * that a synth stays fast: see `npm run typecheck`.
 * @param {{ root: string, outdir?: string, entry?: string }} options `entry` is relative to `root`
 */
export async function runApp({ root, outdir = path.join(root, 'dist'), entry = 'main.ts' }) {
  const app = path.join(outdir, 'app', `${path.basename(entry, '.ts')}.js`);
  try {
    await unlessUnchanged({ root, outdir, entry, build });
    // From Node.js 22: the compiled code too. https://nodejs.org/api/module.html#moduleenablecompilecachecachedir
    /** @type {{ enableCompileCache?: (folder: string) => unknown }} */ (modules).enableCompileCache?.(
      path.join(outdir, 'compiled'),
    );
    modules.createRequire(import.meta.url)(app);
  } catch (error) {
    // esbuild has printed its own messages already; main.ts prints wrong settings itself.
    console.error(error instanceof Error ? inSources(error.stack ?? error.message, app) : error);
    process.exitCode = 1;
  }

  async function build() {
    // Loaded only here: esbuild alone takes a tenth of a synth.
    const [{ buildApp }, { buildHandlers }] = await Promise.all([
      import('./app-bundle.mjs'),
      import('./bundle.mjs'),
    ]);
    await Promise.all([buildApp({ root, outdir, entry }), buildHandlers({ root, outdir })]);
  }
}

/**
 * A stack with the places in the sources, not those in the bundle. Not by `process.setSourceMapsEnabled`: cdktf takes
 * hundreds of stacks in a synth, and each would be mapped.
 * @param {string} stack
 * @param {string} app the bundle
 */
function inSources(stack, app) {
  if (!existsSync(`${app}.map`)) return stack;
  /** @type {unknown} */
  const json = JSON.parse(readFileSync(`${app}.map`, 'utf8'));
  const map = new modules.SourceMap(/** @type {modules.SourceMapPayload} */ (json));
  const [start, ...rest] = stack.split(`${app}:`);
  const places = rest.map((place) =>
    place.replace(/^(\d+):(\d+)/u, (_, line, column) => {
      const found = map.findEntry(Number(line) - 1, Number(column) - 1);
      if (!('originalSource' in found)) return `${app}:${line}:${column}`;
      const source = path.resolve(path.dirname(app), found.originalSource);
      return `${source}:${found.originalLine + 1}:${found.originalColumn + 1}`;
    }),
  );
  return [start, ...places].join('');
}
