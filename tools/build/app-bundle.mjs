// @ts-check
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { TARGET } from './bundle.mjs';

/** What the app and its bindings share, and what takes most of their time to load: bundled once for a lock file. */
const FRAMEWORK = ['cdktf', 'constructs'];

/** @type {import('esbuild').BuildOptions} */
const OPTIONS = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: TARGET,
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: true,
  legalComments: 'none',
  logLevel: 'warning',
};

/**
 * Bundles the CDKTF app with its packages to `OUTDIR/app/main.js`, and the framework beside it.
 * @param {{ root: string, outdir?: string, entry?: string }} options `entry` is relative to `root`
 * @returns {Promise<string>} the file to run
 */
export async function buildApp({ root, outdir = path.join(root, 'dist'), entry = 'main.ts' }) {
  const folder = path.join(outdir, 'app');
  const framework = await frameworkFile(root);
  const outfile = path.join(folder, `${path.basename(entry, '.ts')}.js`);
  await Promise.all([
    build({
      ...OPTIONS,
      absWorkingDir: root,
      entryPoints: [entry],
      outfile,
      sourcemap: 'external', // read only where the app fails
      sourcesContent: false,
      plugins: [shared(framework)],
    }),
    buildFramework(root, folder, framework),
  ]);
  return outfile;
}

/**
 * Its name holds what it is made of: the installed versions and these options.
 * @param {string} root
 */
async function frameworkFile(root) {
  const hash = createHash('sha1').update(TARGET);
  for (const file of ['package-lock.json', path.join('tools', 'build', 'app-bundle.mjs')]) {
    hash.update(await readFile(path.join(root, file)).catch(() => 'none'));
  }
  return `framework-${hash.digest('hex').slice(0, 16)}.js`;
}

/**
 * @param {string} root
 * @param {string} folder
 * @param {string} name
 */
async function buildFramework(root, folder, name) {
  const outfile = path.join(folder, name);
  if (existsSync(outfile)) return;
  const unfinished = `${outfile}.${process.pid}`;
  const contents = FRAMEWORK.map((module) => `exports[${JSON.stringify(module)}] = require('${module}');`);
  await build({
    ...OPTIONS,
    absWorkingDir: root,
    stdin: { contents: contents.join('\n'), resolveDir: root },
    outfile: unfinished,
  });
  await rename(unfinished, outfile);
  const others = (await readdir(folder)).filter((file) => /^framework-\w+\.js$/u.test(file) && file !== name);
  await Promise.all(others.map((file) => rm(path.join(folder, file), { force: true })));
}

/**
 * One framework for the app and its bindings: with two, a construct of one would be none to the other.
 * @param {string} framework
 * @returns {import('esbuild').Plugin}
 */
const shared = (framework) => ({
  name: 'shared-framework',
  setup(bundle) {
    bundle.onResolve({ filter: new RegExp(`^(?:${FRAMEWORK.join('|')})$`) }, ({ path: module }) => ({
      path: module,
      namespace: 'framework',
    }));
    bundle.onResolve({ filter: /./, namespace: 'framework' }, ({ path: file }) => ({
      path: file,
      external: true,
    }));
    bundle.onLoad({ filter: /./, namespace: 'framework' }, ({ path: module }) => ({
      contents: `module.exports = require('./${framework}')[${JSON.stringify(module)}];`,
      loader: 'js',
    }));
  },
});
