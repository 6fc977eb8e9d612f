import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const MODULE = pathToFileURL(path.resolve(__dirname, '../../../tools/build/tool-bundle.mjs')).href;

interface Bundle {
  readonly saved: boolean;
  readonly file: string;
  readonly code?: string;
}

/** A project with one command, whose answer is in another file. */
let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'bundle-')));
  mkdirSync(path.join(root, 'tools/lib'), { recursive: true });
  write('tools/lib/command.ts', 'export const runTool = (main: () => void): void => main();');
  write(
    'tools/say.ts',
    "import { word } from './word'; export const main = () => console.log(word, __dirname);",
  );
  write('tools/word.ts', "export const word: string = 'one';");
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

/** Writes a file that was changed long ago: one that changes while it is bundled is another matter. */
function write(file: string, content: string): void {
  writeFileSync(path.join(root, file), content);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
}

/** In a process of its own: esbuild and Jest disagree about what a Uint8Array is. */
const current = (folder = path.join(root, 'bundles')): Bundle =>
  JSON.parse(
    execFileSync(process.execPath, [
      '--input-type=module',
      '--eval',
      `import { currentBundle } from '${MODULE}';
       console.log(JSON.stringify(await currentBundle(${JSON.stringify({ root, entry: 'tools/say.ts', folder })})));`,
    ]).toString(),
  ) as Bundle;

const said = ({ file }: Bundle): string => execFileSync(process.execPath, [file]).toString().trim();

describe('the bundle of a command', () => {
  it('is run as the command would be, and is not made again while its sources are the same', () => {
    const first = current();
    expect(said(first)).toBe(`one ${path.join(root, 'tools')}`);
    writeFileSync(first.file, "console.log('kept');");

    expect(said(current())).toBe('kept');
  });

  it('is another one when any source is another, also one as old and as long; the older one is gone', () => {
    const first = current();
    write('tools/word.ts', "export const word: string = 'two';");
    utimesSync(path.join(root, 'tools/word.ts'), 0, 0);

    const second = current();

    expect(second.file).not.toBe(first.file);
    expect(said(second)).toContain('two');
    expect(readdirSync(path.dirname(second.file)).filter((name) => name.endsWith('.cjs'))).toEqual([
      path.basename(second.file),
    ]);
  });

  it('is handed over unsaved where its folder cannot be written', () => {
    const bundle = current('/dev/null/bundles');

    expect(bundle.saved).toBe(false);
    expect(bundle.code).toContain('"one"');
  });
});
