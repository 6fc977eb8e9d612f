// @ts-check
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { context } from 'esbuild';
import { keepMaps, withMaps } from './maps.mjs';
import { BOOTSTRAP, zipFile } from './zip.mjs';

/**
 * The oldest Node.js that runs a handler: Lambda's runtime is newer, but the local engine runs handlers on the
 * laptop's own Node.js, for which `engines` in package.json states the same floor.
 */
export const TARGET = 'node20.19';

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
 * A deployable handler; `hash` is its package's SHA-256 (hex), `inputs` are the bytes each source module takes in the
 * bundle, `sources` all files that the build read, and `lazy` the files beside it that are loaded only when they are used,
 * with their bytes.
 * @typedef {{ name: string, bundle: string, zip: string, hash: string, bytes: number, inputs: Record<string, number>,
 *   sources: readonly string[], lazy: Record<string, number> }} Handler
 */

/**
 * Bundles every handler to `OUTDIR/handlers/NAME/index.js`, with the files of its folder `lazy/` beside it, and packs
 * both as `OUTDIR/packages/NAME.zip`. Source maps lie apart from both: maps.mjs.
 * The same sources give the same bytes on every machine. The reason for each option: docs/adr/0006-bundling.md.
 * @param {{ root: string, outdir?: string }} options
 * @returns {Promise<Handler[]>} one a handler, by name
 */
export async function buildHandlers({ root, outdir = path.join(root, 'dist') }) {
  await rm(path.join(outdir, 'handlers'), { recursive: true, force: true });
  const builder = await handlerBuilder({ root, outdir });
  try {
    return await builder.build();
  } finally {
    await builder.dispose();
  }
}

/**
 * `names`: of which handlers, all unless given. `inspected`: code to step through, not minified, with its map in it, whose
 * paths are absolute. `quiet`: errors are thrown and not printed.
 * @typedef {{ root: string, outdir?: string, names?: readonly string[], inspected?: boolean, quiet?: boolean }} BuilderOptions
 */

/**
 * Builds the handlers again and again, each time only what has changed.
 * @param {BuilderOptions} options
 * @returns {Promise<{ build: () => Promise<Handler[]>, dispose: () => Promise<void> }>}
 */
export async function handlerBuilder({ root, outdir = path.join(root, 'dist'), ...options }) {
  const { names = await handlerNames(root), inspected = false, quiet = false } = options;
  const files = await Promise.all(names.map((name) => filesOf(root, name)));
  const bundling = await contextOf({ root, outdir, inspected, quiet, files: files.flat() });
  /** @type {Map<string, Packed>} */
  const packed = new Map();
  return {
    build: async () => {
      const { metafile, outputFiles } = await bundling.rebuild();
      const outputs = outputFiles.map(
        ({ path: file, contents }) => /** @type {const} */ ([path.relative(outdir, file), contents]),
      );
      const bundled = { files: new Map(outputs), metafile };
      return Promise.all(
        names.map((name, index) =>
          pack({ root, outdir, name, files: files[index] ?? [], bundled, inspected, packed }),
        ),
      );
    },
    dispose: () => bundling.dispose(),
  };
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
 * The outcome of a build: the files by path, relative to OUTDIR, and what went into them.
 * @typedef {{ files: ReadonlyMap<string, Uint8Array>, metafile: import('esbuild').Metafile }} Bundled
 */

/**
 * How a handler is bundled, wherever it lies: the bench bundles variants likewise.
 * @param {string} root
 * @returns {import('esbuild').BuildOptions}
 */
export const handlerOptions = (root) => ({
  absWorkingDir: root,
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
  logLevel: 'warning',
});

/**
 * One build for all handlers, so that shared imports are parsed once.
 * @param {{ root: string, outdir: string, inspected: boolean, quiet: boolean, files: readonly string[] }} options
 *   `files` relative to `root`, without extension
 */
function contextOf({ root, outdir, inspected, quiet, files }) {
  return context({
    ...handlerOptions(root),
    entryPoints: Object.fromEntries(files.map((file) => [file, `${file}.ts`])),
    outdir,
    minify: !inspected,
    // External: the code does not name its map, so that its bytes are the same with and without one.
    sourcemap: 'external',
    sourcesContent: false,
    write: false,
    metafile: true,
    logLevel: quiet ? 'silent' : 'warning',
  });
}

/**
 * A handler's code as it was packed last.
 * @typedef {{ code: Readonly<Record<string, Uint8Array>>, zip: Uint8Array, hash: string }} Packed
 */

/**
 * @param {{ root: string, outdir: string, name: string, files: readonly string[], bundled: Bundled, inspected: boolean,
 *   packed: Map<string, Packed> }} options
 * @returns {Promise<Handler>}
 */
async function pack({ root, outdir, name, files, bundled, inspected, packed }) {
  const folder = path.join('handlers', name);
  const bundle = path.join(outdir, folder, 'index.js');
  /** @param {string} extension */
  const outputs = (extension) =>
    Object.fromEntries(
      files.map((file) => [
        path.relative(folder, `${file}.js`),
        bundled.files.get(`${file}${extension}`) ?? new Uint8Array(),
      ]),
    );
  const maps = outputs('.js.map');
  const bundles = inspected ? withMaps(outputs('.js'), maps, path.dirname(bundle)) : outputs('.js');
  const code = { ...bundles, ...(await bootstrapOf(root)) };
  for (const [file, content] of Object.entries(code)) await write(path.join(outdir, folder, file), content);
  const before = packed.get(name);
  const { zip: content, hash } = before && isSame(before.code, code) ? before : zipped(code);
  packed.set(name, { code, zip: content, hash });
  const zip = path.join(outdir, 'packages', `${name}.zip`);
  await write(zip, content);
  if (!inspected) await keepMaps({ root, outdir, name, hash, maps });
  const { 'index.js': bytes = 0, ...besides } = Object.fromEntries(
    Object.entries(bundles).map(([file, { length }]) => [file, length]),
  );
  const inputs = bytesOf(bundled.metafile, path.relative(root, bundle));
  const sources = Object.keys(bundled.metafile.inputs);
  return { name, bundle, zip, hash, bytes, inputs, sources, lazy: besides };
}

/** @param {Readonly<Record<string, Uint8Array>>} code */
function zipped(code) {
  const zip = zipFile(code);
  return { zip, hash: createHash('sha256').update(zip).digest('hex') };
}

/**
 * @param {Readonly<Record<string, Uint8Array>>} one
 * @param {Readonly<Record<string, Uint8Array>>} other
 */
function isSame(one, other) {
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every(
      (name) => other[name] !== undefined && Buffer.compare(one[name] ?? Buffer.of(), other[name]) === 0,
    )
  );
}

/**
 * The custom runtime that goes into every package, where the project has one.
 * @param {string} root
 * @returns {Promise<Record<string, Uint8Array>>}
 */
async function bootstrapOf(root) {
  const file = path.join(root, BOOTSTRAP);
  return existsSync(file) ? { [BOOTSTRAP]: new Uint8Array(await readFile(file)) } : {};
}

/**
 * @param {string} file
 * @param {Uint8Array} content
 */
async function write(file, content) {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
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
