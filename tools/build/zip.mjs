// @ts-check
import { zipSync } from 'fflate';

/** The time stamp of every zip entry, in local time because zip has no time zone. */
const ZIP_EPOCH = new Date(1980, 0, 1);

/**
 * A zip whose bytes depend on nothing but the files in it: fixed time, fixed mode 0644.
 * @param {Readonly<Record<string, Uint8Array>>} files
 */
export function zipFile(files) {
  /** @type {import('fflate').ZipOptions} */
  const fixed = { mtime: ZIP_EPOCH, os: 3, attrs: (0o100644 << 16) >>> 0, level: 9 };
  return zipSync(
    Object.fromEntries(Object.entries(files).map(([name, content]) => [name, [content, fixed]])),
  );
}
