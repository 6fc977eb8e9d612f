// @ts-check
// Source maps: beside the packages, never in them. `dist/maps/NAME/HASH/FILE.js.map` is the map of a file of the package
// with that SHA-256, which Lambda tells of a function as `CodeSha256`.
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** How many packages of a handler keep their maps: the last releases, and a day's changes. */
const KEPT = 20;

/**
 * Keeps the maps of a package, and forgets those of the oldest packages of the same handler.
 * @param {{ root: string, outdir: string, name: string, hash: string, maps: Readonly<Record<string, Uint8Array>> }} options
 *   `maps` by the file that each is of
 */
export async function keepMaps({ root, outdir, name, hash, maps }) {
  const all = path.join(outdir, 'maps', name);
  for (const [file, map] of Object.entries(maps)) {
    const target = path.join(all, hash, `${file}.map`);
    const unfinished = `${target}.${process.pid}`;
    await mkdir(path.dirname(target), { recursive: true });
    // Again for a package that is known: a comment moves lines and leaves the package's bytes.
    await writeFile(unfinished, fromRoot(map, root, path.dirname(path.join(outdir, 'handlers', name, file))));
    await rename(unfinished, target);
  }
  await forgetOldest(all);
}

/**
 * Code that names its sources itself, by absolute URLs: a debugger finds them, wherever the code is unpacked.
 * @param {Readonly<Record<string, Uint8Array>>} code
 * @param {Readonly<Record<string, Uint8Array>>} maps by the file that each is of
 * @param {string} folder what the sources are relative to
 * @returns {Record<string, Uint8Array>}
 */
export function withMaps(code, maps, folder) {
  return Object.fromEntries(
    Object.entries(code).map(([file, content]) => {
      const json = readMap(maps[file] ?? new Uint8Array());
      const beside = path.dirname(path.join(folder, file));
      const sources = json.sources.map((source) => pathToFileURL(path.resolve(beside, source)).href);
      const map = Buffer.from(JSON.stringify({ ...json, sources })).toString('base64');
      const comment = `//# sourceMappingURL=data:application/json;base64,${map}\n`;
      return [file, Buffer.concat([content, Buffer.from(comment)])];
    }),
  );
}

/**
 * @param {Uint8Array} map
 * @returns {{ sources: string[] }}
 */
function readMap(map) {
  /** @type {unknown} */
  const json = JSON.parse(Buffer.from(map).toString());
  return /** @type {{ sources: string[] }} */ (json);
}

/**
 * A map whose sources are paths from the project's folder: the same on every machine.
 * @param {Uint8Array} map
 * @param {string} root
 * @param {string} folder what its sources are relative to
 */
function fromRoot(map, root, folder) {
  const json = readMap(map);
  const sources = json.sources.map((source) =>
    path.relative(root, path.resolve(folder, source)).split(path.sep).join('/'),
  );
  return JSON.stringify({ ...json, sources });
}

/** @param {string} all */
async function forgetOldest(all) {
  const folders = await Promise.all(
    (await readdir(all)).map(async (name) => ({ name, mtimeMs: (await stat(path.join(all, name))).mtimeMs })),
  );
  folders.sort((one, other) => other.mtimeMs - one.mtimeMs);
  const oldest = folders.slice(KEPT).map(({ name }) => path.join(all, name));
  await Promise.all(oldest.map((folder) => rm(folder, { recursive: true, force: true })));
}
