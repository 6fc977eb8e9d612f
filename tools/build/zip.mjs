// @ts-check
import { zipSync } from 'fflate';

/** The time stamp of every zip entry, in local time because zip has no time zone. */
const ZIP_EPOCH = new Date(1980, 0, 1);

/** A custom runtime, in the project's folder and in every package. */
export const BOOTSTRAP = 'bootstrap';

/**
 * A zip whose bytes depend on nothing but the files in it: fixed time, fixed mode 0644, of a custom runtime's `bootstrap`
 * 0755. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
 * @param {Readonly<Record<string, Uint8Array>>} files
 */
export function zipFile(files) {
  return zipSync(
    Object.fromEntries(Object.entries(files).map(([name, content]) => [name, [content, fixed(name)]])),
  );
}

/**
 * @param {string} name
 * @returns {import('fflate').ZipOptions}
 */
function fixed(name) {
  const mode = name === BOOTSTRAP ? 0o100755 : 0o100644;
  return { mtime: ZIP_EPOCH, os: 3, attrs: (mode << 16) >>> 0, level: 9 };
}
