// @ts-check
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { zipSync } from 'fflate';

/**
 * The oldest Node.js a handler meets: Lambda's runtime is newer, but the local engine runs handlers on the
 * laptop's own Node.js, for which `engines` in package.json states the same floor.
 */
const TARGET = 'node20.19';

/** A time stamp that every zip entry gets, given in local time because zip knows no time zone. */
const ZIP_EPOCH = new Date(1980, 0, 1);

/**
 * The names of the handlers: the folders below `handlers/` that hold an `index.ts`.
 * @param {string} root the project's folder
 * @returns {Promise<string[]>} sorted
 */
export async function handlerNames(root) {
  const entries = await readdir(path.join(root, 'handlers'), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && existsSync(path.join(root, 'handlers', entry.name, 'index.ts')))
    .map((entry) => entry.name)
    .sort();
}

/**
 * A handler as it is deployed; `inputs` are the bytes each source module takes in the bundle, and `apart` the files
 * beside it that are loaded only when they are used, with their bytes.
 * @typedef {{ name: string, bundle: string, zip: string, bytes: number, inputs: Record<string, number>,
 *   apart: Record<string, number> }} Handler
 */

/**
 * Bundles every handler to `OUTDIR/handlers/NAME/index.js`, with what it imports by `import()` beside it, and packs
 * both as `OUTDIR/packages/NAME.zip`.
 * The same sources give the same bytes on every machine. Why each option is here: docs/adr/0006-bundling.md.
 * @param {{ root: string, outdir?: string }} options
 * @returns {Promise<Handler[]>} one a handler, by name
 */
export async function buildHandlers({ root, outdir = path.join(root, 'dist') }) {
  const names = await handlerNames(root);
  return Promise.all(names.map((name) => buildHandler({ root, outdir, name })));
}

/**
 * @param {{ root: string, outdir: string, name: string }} options
 * @returns {Promise<Handler>}
 */
async function buildHandler({ root, outdir, name }) {
  const folder = path.join(outdir, 'handlers', name);
  await rm(folder, { recursive: true, force: true });
  /** @type {Map<string, string>} */
  const later = new Map([['index.js', path.join('handlers', name, 'index.ts')]]);
  /** @type {Record<string, Uint8Array>} */
  const files = {};
  /** @type {Record<string, number>} */
  let inputs = {};
  // A file may name more of them while it is bundled: a Map goes on with what is added.
  for (const [file, entryPoint] of later) {
    const outfile = path.join(folder, file);
    const { metafile } = await bundleHandler({ root, entryPoint, outfile, later });
    files[file] = await readFile(outfile);
    if (file === 'index.js') inputs = bytesOf(metafile);
  }
  const zip = path.join(outdir, 'packages', `${name}.zip`);
  await mkdir(path.dirname(zip), { recursive: true });
  await writeFile(zip, zipFile(files));
  const { 'index.js': bytes = 0, ...apart } = Object.fromEntries(
    Object.entries(files).map(([file, code]) => [file, code.length]),
  );
  return { name, bundle: path.join(folder, 'index.js'), zip, bytes, inputs, apart };
}

/**
 * @param {{ root: string, entryPoint: string, outfile: string, later: Map<string, string> }} options
 */
const bundleHandler = ({ root, entryPoint, outfile, later }) =>
  build({
    absWorkingDir: root,
    entryPoints: [entryPoint],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    target: TARGET,
    mainFields: ['module', 'main'],
    legalComments: 'none',
    // A Lambda function's credentials are in its environment: the default chain (profiles, SSO, IMDS)
    // would be a quarter of the bundle, loaded at every cold start.
    alias: {
      '@aws-sdk/credential-provider-node': './handlers/shared/environment-credentials.ts',
      '@smithy/core/event-streams': './handlers/shared/no-event-streams.ts',
    },
    plugins: [versionOnly, apart(root, later)],
    metafile: true,
    logLevel: 'warning',
  });

/**
 * The bytes that each source module takes in a bundle.
 * @param {import('esbuild').Metafile} metafile
 */
function bytesOf(metafile) {
  const [output] = Object.values(metafile.outputs);
  return Object.fromEntries(
    Object.entries(output?.inputs ?? {}).map(([input, { bytesInOutput }]) => [input, bytesInOutput]),
  );
}

/**
 * What a handler's own code imports by `import()` becomes a file beside its bundle: within the bundle, Node.js would
 * read through it at every cold start, used or not.
 * @param {string} root
 * @param {Map<string, string>} later gets the files that are still to be bundled, with their sources
 * @returns {import('esbuild').Plugin}
 */
const apart = (root, later) => ({
  name: 'apart',
  setup(bundle) {
    bundle.onResolve({ filter: /^\.\// }, ({ kind, path: imported, resolveDir }) => {
      if (kind !== 'dynamic-import' || !resolveDir.startsWith(path.join(root, 'handlers'))) return undefined;
      const file = `${path.basename(imported)}.js`;
      later.set(file, path.join(resolveDir, `${imported}.ts`));
      return { path: `./${file}`, external: true };
    });
  },
});

/**
 * An SDK client takes one thing from its package.json, its version; esbuild would bundle the file whole.
 * @type {import('esbuild').Plugin}
 */
const versionOnly = {
  name: 'version-only',
  setup(bundle) {
    bundle.onLoad({ filter: /[\\/]@aws-sdk[\\/][^\\/]+[\\/]package\.json$/ }, async ({ path: file }) => {
      const manifest = await readFile(file, 'utf8');
      return { contents: JSON.stringify(JSON.parse(manifest), ['version']), loader: 'json' };
    });
  },
};

/**
 * Bundles the CDKTF app to `OUTDIR/app/main.js`; packages stay outside and are loaded from node_modules.
 * @param {{ root: string, outdir?: string }} options
 * @returns {Promise<string>} the file to run
 */
export async function buildApp({ root, outdir = path.join(root, 'dist') }) {
  const outfile = path.join(outdir, 'app', 'main.js');
  await build({
    absWorkingDir: root,
    entryPoints: ['main.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: TARGET,
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return outfile;
}

/**
 * A zip whose bytes depend on nothing but the files in it: fixed time, fixed mode 0644.
 * @param {Readonly<Record<string, Uint8Array>>} files
 */
function zipFile(files) {
  /** @type {import('fflate').ZipOptions} */
  const fixed = { mtime: ZIP_EPOCH, os: 3, attrs: (0o100644 << 16) >>> 0, level: 9 };
  return zipSync(
    Object.fromEntries(Object.entries(files).map(([name, content]) => [name, [content, fixed]])),
  );
}
