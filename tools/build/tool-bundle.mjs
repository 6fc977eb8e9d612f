// @ts-check
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What a bundle leaves to node_modules: native code, and what is large and rarely used. */
const EXTERNAL = [
  'esbuild',
  'prettier',
  'typescript',
  'cdktf',
  'constructs',
  '@cdktf/*',
  'cdktf-cli',
  '@swc/*',
];

/** @typedef {{ saved: true, file: string } | { saved: false, file: string, code: string }} Bundle */

/**
 * The bundle of a command, made anew unless every file that went into it still has the same content: what a bundle is of
 * lies beside it, and its hash is its name. Where nothing can be written, it is made each time.
 * @param {{ root: string, entry: string, folder?: string }} options `entry` is relative to `root`
 * @returns {Promise<Bundle>}
 */
export async function currentBundle({ root, entry, folder = path.join(root, '.local', 'tools') }) {
  const name = entry.replaceAll(/[\\/]/gu, '-').replace(/\.ts$/u, '');
  const list = path.join(folder, `${name}.json`);
  const inputs = readList(list);
  if (inputs !== undefined) {
    const file = path.join(folder, `${name}.${hashOf(root, inputs)}.cjs`);
    if (readdirSync(folder).includes(path.basename(file))) return { saved: true, file };
  }
  const begun = Date.now();
  const made = await bundle(root, entry, path.join(folder, `${name}.cjs`));
  const file = path.join(folder, `${name}.${hashOf(root, made.inputs)}.cjs`);
  // A file that changed meanwhile may be in the bundle as it was before: then its hash would say what it does not hold.
  if (made.inputs.some((input) => changedAt(path.join(root, input)) >= begun - CLOCK_MS)) {
    return { saved: false, file, code: made.code };
  }
  try {
    mkdirSync(folder, { recursive: true });
    for (const [target, content] of [
      [`${file}.map`, made.map],
      [file, made.code],
      [list, JSON.stringify(made.inputs)],
    ]) {
      const unfinished = `${target}.${process.pid}`;
      writeFileSync(unfinished, content ?? '');
      renameSync(unfinished, target ?? '');
    }
    for (const other of readdirSync(folder)) {
      const ofThis = other.startsWith(`${name}.`) && /\.cjs(?:\.map)?$/u.test(other);
      if (ofThis && !other.startsWith(path.basename(file))) rmSync(path.join(folder, other), { force: true });
    }
    return { saved: true, file };
  } catch {
    return { saved: false, file, code: made.code };
  }
}

/** File systems round the time of a change by up to this much, as far as projects lie on them. */
const CLOCK_MS = 20;

/** @param {string} file */
function changedAt(file) {
  return statSync(file, { throwIfNoEntry: false })?.ctimeMs ?? 0;
}

/**
 * @param {string} list
 * @returns {string[] | undefined}
 */
function readList(list) {
  try {
    /** @type {unknown} */
    const inputs = JSON.parse(readFileSync(list, 'utf8'));
    return Array.isArray(inputs) ? inputs.map(String) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Over the names and contents of all files that a bundle is made of, and of what decides how it is made.
 * @param {string} root
 * @param {readonly string[]} inputs
 */
function hashOf(root, inputs) {
  const hash = createHash('sha1').update(`${root}\n${process.versions.node}\n`);
  for (const input of inputs) {
    hash.update(`${input}\n`);
    try {
      hash.update(readFileSync(path.join(root, input)));
    } catch {
      hash.update('missing');
    }
  }
  return hash.digest('hex').slice(0, 16);
}

/**
 * @param {string} root
 * @param {string} entry
 * @param {string} outfile what the sources in its map are relative to; it is not written here
 */
async function bundle(root, entry, outfile) {
  const { build } = await import('esbuild');
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    stdin: {
      contents: `import { runTool } from './tools/lib/command'; import { main } from './${entry}'; void runTool(main);`,
      resolveDir: root,
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: `node${process.versions.node}`,
    mainFields: ['module', 'main'],
    external: EXTERNAL,
    supported: { 'dynamic-import': false }, // a bundle that is run from memory cannot import
    plugins: [ownFolder(root)],
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    sourcemap: 'external',
    sourcesContent: false,
    outfile,
    write: false,
    metafile: true,
    logLevel: 'warning',
  });
  const inputs = Object.keys(metafile.inputs).filter((input) => input !== '<stdin>');
  return {
    code: outputFiles.find(({ path: file }) => file.endsWith('.cjs'))?.text ?? '',
    map: outputFiles.find(({ path: file }) => file.endsWith('.map'))?.text ?? '',
    inputs: ['tools/build/tool-bundle.mjs', 'tsconfig.json', 'package-lock.json', ...inputs.sort()],
  };
}

/**
 * `__dirname` goes on to be the folder of the source, from which a command finds the project.
 * @param {string} root
 * @returns {import('esbuild').Plugin}
 */
const ownFolder = (root) => ({
  name: 'own-folder',
  setup(bundle) {
    bundle.onLoad({ filter: /\.ts$/ }, ({ path: file }) => {
      if (path.relative(root, file).split(path.sep).includes('node_modules')) return undefined;
      const source = readFileSync(file, 'utf8');
      return {
        contents: source.replaceAll(/\b__dirname\b/gu, JSON.stringify(path.dirname(file))),
        loader: 'ts',
      };
    });
  },
});
