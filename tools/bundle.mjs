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
 * Bundles every handler to `OUTDIR/handlers/NAME/index.js` and packs it as `OUTDIR/packages/NAME.zip`.
 * The same sources give the same bytes on every machine. Why each option is here: docs/adr/0006-bundling.md.
 * @param {{ root: string, outdir?: string }} options
 * @returns {Promise<Array<{ name: string, bundle: string, zip: string, bytes: number, inputs: Record<string, number> }>>}
 *   a line a handler; `inputs` are the bytes each source module takes in the bundle
 */
export async function buildHandlers({ root, outdir = path.join(root, 'dist') }) {
  const names = await handlerNames(root);
  return Promise.all(
    names.map(async (name) => {
      const folder = path.join(outdir, 'handlers', name);
      const bundle = path.join(folder, 'index.js');
      await rm(folder, { recursive: true, force: true });
      const result = await build({
        absWorkingDir: root,
        entryPoints: [path.join('handlers', name, 'index.ts')],
        outfile: bundle,
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
        plugins: [versionOnly],
        metafile: true,
        logLevel: 'warning',
      });
      const code = await readFile(bundle);
      const zip = path.join(outdir, 'packages', `${name}.zip`);
      await mkdir(path.dirname(zip), { recursive: true });
      await writeFile(zip, zipFile('index.js', code));
      const [output] = Object.values(result.metafile.outputs);
      const inputs = Object.fromEntries(
        Object.entries(output?.inputs ?? {}).map(([input, { bytesInOutput }]) => [input, bytesInOutput]),
      );
      return { name, bundle, zip, bytes: code.length, inputs };
    }),
  );
}

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
 * A zip of one file whose bytes depend on nothing but that file: fixed time, fixed mode 0644.
 * @param {string} name
 * @param {Uint8Array} content
 */
function zipFile(name, content) {
  return zipSync({ [name]: [content, { mtime: ZIP_EPOCH, os: 3, attrs: (0o100644 << 16) >>> 0, level: 9 }] });
}
