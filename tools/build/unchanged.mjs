// @ts-check
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** All that decides what the app's and the handlers' builds give, relative to the project's folder. */
export const SOURCES = [
  'main.ts',
  'config',
  'stacks',
  'constructs',
  'handlers',
  path.join('tools', 'build'),
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];

/** What they write, below the output folder. Of source maps there are many: their names say enough. */
const OUTPUTS = ['app', 'handlers', 'packages'];
const NAMED_OUTPUTS = ['maps'];
const STAMP = 'stamp.json';

/**
 * Builds, unless the last build that succeeded was of the same sources and all it wrote is there with the same bytes.
 * Where the stamp cannot be written, each run builds.
 * @param {{ root: string, outdir: string, entry?: string, build: () => Promise<unknown> }} options `entry`: another
 *   source, relative to `root`
 * @returns {Promise<boolean>} whether it built
 */
export async function unlessUnchanged({ root, outdir, entry = 'main.ts', build }) {
  const all = [entry, ...SOURCES];
  const sources = hashOf(root, all);
  const file = path.join(outdir, STAMP);
  if (readStamp(file) === stampOf(sources, outdir)) return false;
  await build();
  // A file that changed meanwhile may be in the build as it was before.
  if (hashOf(root, all) !== sources) return true;
  try {
    const unfinished = `${file}.${process.pid}`;
    mkdirSync(outdir, { recursive: true });
    writeFileSync(unfinished, stampOf(sources, outdir));
    renameSync(unfinished, file);
  } catch {
    // The next run builds again.
  }
  return true;
}

/** @param {string} file */
function readStamp(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * @param {string} sources
 * @param {string} outdir
 */
const stampOf = (sources, outdir) =>
  JSON.stringify({ sources, outputs: hashOf(outdir, OUTPUTS), named: namesIn(outdir, NAMED_OUTPUTS) });

/**
 * Over the names and contents of all files in folders.
 * @param {string} root
 * @param {readonly string[]} entries files and folders in it; one that is missing counts, too
 */
function hashOf(root, entries) {
  const hash = createHash('sha1');
  for (const file of entries.flatMap((entry) => filesIn(root, entry))) {
    const content = contentOf(path.join(root, file));
    hash.update(`${file}\n${content?.length ?? 'missing'}\n`).update(content ?? '');
  }
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {string} entry
 * @returns {string[]} the entry itself where it is no folder
 */
function filesIn(root, entry) {
  try {
    return readdirSync(path.join(root, entry), { recursive: true, withFileTypes: true })
      .filter((found) => !found.isDirectory())
      .map((found) => path.relative(root, path.join(found.parentPath, found.name)))
      .sort();
  } catch {
    return [entry];
  }
}

/** @param {string} file */
function contentOf(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/**
 * @param {string} root
 * @param {readonly string[]} entries
 */
const namesIn = (root, entries) =>
  createHash('sha1')
    .update(entries.flatMap((entry) => filesIn(root, entry)).join('\n'))
    .digest('hex');
