// @ts-check
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { zipSync } from 'fflate';

/**
 * The oldest Node.js that runs a handler: Lambda's runtime is newer, but the local engine runs handlers on the
 * laptop's own Node.js, for which `engines` in package.json states the same floor.
 */
const TARGET = 'node20.19';

/** The time stamp of every zip entry, in local time because zip has no time zone. */
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
 * A deployable handler; `inputs` are the bytes each source module takes in the bundle, and `lazy` the files
 * beside it that are loaded only when they are used, with their bytes.
 * @typedef {{ name: string, bundle: string, zip: string, bytes: number, inputs: Record<string, number>,
 *   lazy: Record<string, number> }} Handler
 */

/**
 * Bundles every handler to `OUTDIR/handlers/NAME/index.js`, with the files of its folder `lazy/` beside it, and packs
 * both as `OUTDIR/packages/NAME.zip`.
 * The same sources give the same bytes on every machine. The reason for each option: docs/adr/0006-bundling.md.
 * @param {{ root: string, outdir?: string }} options
 * @returns {Promise<Handler[]>} one a handler, by name
 */
export async function buildHandlers({ root, outdir = path.join(root, 'dist') }) {
  const names = await handlerNames(root);
  const files = await Promise.all(names.map((name) => filesOf(root, name)));
  await rm(path.join(outdir, 'handlers'), { recursive: true, force: true });
  const metafile = await bundleHandlers(root, files.flat(), outdir);
  return Promise.all(
    names.map((name, index) => pack({ root, outdir, name, files: files[index] ?? [], metafile })),
  );
}

/**
 * The files of a handler, without extension: its `index`, and what it loads with `import('./lazy/…')`.
 * @param {string} root
 * @param {string} name
 * @returns {Promise<string[]>} relative to the project's folder
 */
async function filesOf(root, name) {
  const folder = path.join('handlers', name);
  const lazy = path.join(folder, 'lazy');
  const sources = existsSync(path.join(root, lazy)) ? await readdir(path.join(root, lazy)) : [];
  return [
    path.join(folder, 'index'),
    ...sources.sort().map((source) => path.join(lazy, path.basename(source, '.ts'))),
  ];
}

/**
 * Modules that a layer brings, such as `'sharp'`: loaded from there, not bundled. docs/extending.md
 * @type {string[]}
 */
const FROM_LAYERS = [];

/**
 * One build for all handlers, so that shared imports are parsed once.
 * @param {string} root
 * @param {readonly string[]} files relative to `root`, without extension
 * @param {string} outdir
 * @returns {Promise<import('esbuild').Metafile>}
 */
async function bundleHandlers(root, files, outdir) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(files.map((file) => [file, `${file}.ts`])),
    outdir,
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
    external: FROM_LAYERS,
    // `import()` becomes a `require()` that runs as late. An import makes a namespace of all that a module exports: that of
    // node:http loads undici, http2 and worker_threads with it.
    supported: { 'dynamic-import': false },
    plugins: [versionOnly, literalKeys, lazy],
    metafile: true,
    logLevel: 'warning',
  });
  return metafile;
}

/**
 * @param {{ root: string, outdir: string, name: string, files: readonly string[],
 *   metafile: import('esbuild').Metafile }} options
 * @returns {Promise<Handler>}
 */
async function pack({ root, outdir, name, files, metafile }) {
  const folder = path.join(outdir, 'handlers', name);
  const bundle = path.join(folder, 'index.js');
  const code = await Promise.all(
    files.map(async (file) => {
      const bundled = path.join(outdir, `${file}.js`);
      return /** @type {const} */ ([path.relative(folder, bundled), await readFile(bundled)]);
    }),
  );
  const zip = path.join(outdir, 'packages', `${name}.zip`);
  await mkdir(path.dirname(zip), { recursive: true });
  await writeFile(zip, zipFile(Object.fromEntries(code)));
  const sizes = Object.fromEntries(code.map(([file, { length }]) => [file, length]));
  const { 'index.js': bytes = 0, ...besides } = sizes;
  return { name, bundle, zip, bytes, inputs: bytesOf(metafile, path.relative(root, bundle)), lazy: besides };
}

/**
 * The bytes that each source module takes in a bundle.
 * @param {import('esbuild').Metafile} metafile
 * @param {string} bundle relative to the project's folder
 */
function bytesOf(metafile, bundle) {
  const { inputs = {} } = metafile.outputs[bundle.split(path.sep).join('/')] ?? {};
  return Object.fromEntries(
    Object.entries(inputs).map(([input, { bytesInOutput }]) => [input, bytesInOutput]),
  );
}

/**
 * Keeps modules that a handler loads with `import('./lazy/…')` in files of their own: inside the bundle, Node.js would
 * parse them at every cold start, used or not.
 * @type {import('esbuild').Plugin}
 */
const lazy = {
  name: 'lazy',
  setup(bundle) {
    // A narrow filter, because each match is a request to this process: esbuild resolves thousands of paths.
    bundle.onResolve({ filter: /^\.\/lazy\// }, ({ kind, path: imported }) =>
      kind === 'dynamic-import' ? { path: `${imported}.js`, external: true } : undefined,
    );
  },
};

/**
 * An SDK client reads only the version from its package.json; esbuild would bundle the whole file.
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
 * Writes the keys of an SDK client's schemas as literals: `{ [_hE]: 404 }` with `const _hE = "httpError"` becomes
 * `{ "httpError": 404 }`. esbuild keeps every object with a computed key, because computing a key may have side
 * effects, and so every schema of the service. Where the SDK's generated code changes, nothing matches: the bundles
 * grow, which the tests of their size notice.
 * @type {import('esbuild').Plugin}
 */
const literalKeys = {
  name: 'literal-keys',
  setup(bundle) {
    bundle.onLoad(
      { filter: /[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/ },
      async (file) => {
        const source = await readFile(file.path, 'utf8');
        const literals = new Map(
          [...source.matchAll(/^const (_\w+) = ("[^"\\]*");$/gm)].map(([, name, literal]) => [name, literal]),
        );
        const contents = source.replaceAll(/([{,]\s*)\[(_\w+)\]:/g, (whole, before, name) =>
          literals.has(name) ? `${before}${literals.get(name)}:` : whole,
        );
        return { contents, loader: 'js' };
      },
    );
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
