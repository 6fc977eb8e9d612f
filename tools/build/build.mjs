// @ts-check
// `npm run build`: every handler, bundled and packed as a deployment would.
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { buildHandlers } from './bundle.mjs';

const HELP = `Usage: npm run build

Bundles every handler to dist/handlers/NAME/index.js and packs it as dist/packages/NAME.zip.
cdktf does the same before each synth; run this to look at the bundles.

Options:
  --help   show this`;

const root = path.resolve(import.meta.dirname, '..', '..');

try {
  const { values } = parseArgs({ options: { help: { type: 'boolean' } } });
  if (values.help) {
    console.log(HELP);
  } else {
    for (const { name, bundle, lazy } of await buildHandlers({ root })) {
      await tell(bundle, name);
      for (const file of Object.keys(lazy)) {
        await tell(path.join(path.dirname(bundle), file), `${name}, when it is used`);
      }
    }
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = error instanceof TypeError ? 2 : 1;
}

/**
 * @param {string} file
 * @param {string} what
 */
async function tell(file, what) {
  const code = await readFile(file);
  const sizes = `${kilobytes(code.length)}, ${kilobytes(gzipSync(code).length)} gzipped`;
  console.log(`${path.relative(root, file)}  ${sizes} (${what})`);
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(0)} KB`;
}
