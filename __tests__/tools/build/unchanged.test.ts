import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = path.resolve(__dirname, '../../..');
const moduleOf = (name: string) => JSON.stringify(pathToFileURL(path.join(ROOT, 'tools/build', name)).href);

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'unchanged-'));
  mkdirSync(path.join(root, 'handlers/mover'), { recursive: true });
  mkdirSync(path.join(root, 'dist/packages'), { recursive: true });
  writeFileSync(path.join(root, 'handlers/mover/index.ts'), 'one');
  writeFileSync(path.join(root, 'main.ts'), 'one');
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

/**
 * Two runs, each with a build that writes a package, and `between` them.
 * @returns whether each of them built; an error's message where it failed
 */
function runs(between: string, firstBuild = ''): unknown {
  const script = `
    import * as fs from 'node:fs';
    import { unlessUnchanged } from ${moduleOf('unchanged.mjs')};
    const file = (name) => ${JSON.stringify(root)} + '/' + name;
    const run = (first) => unlessUnchanged({
      root: ${JSON.stringify(root)},
      outdir: file('dist'),
      build: async () => { fs.writeFileSync(file('dist/packages/mover.zip'), 'built'); first?.(); },
    }).catch((error) => error.message);
    const results = [await run(() => { ${firstBuild} })];
    ${between};
    results.push(await run());
    console.log(JSON.stringify(results));`;
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' }),
  );
}

describe('unlessUnchanged', () => {
  it('builds once', () => {
    expect(runs('')).toEqual([true, false]);
  });

  it.each([
    ['a source was changed', "fs.writeFileSync(file('main.ts'), 'two')"],
    ['a source came', "fs.writeFileSync(file('handlers/mover/other.ts'), '')"],
    ['a source is gone', "fs.rmSync(file('handlers/mover/index.ts'))"],
    ['a source has another name', "fs.renameSync(file('main.ts'), file('package.json'))"],
    ['other packages are installed', "fs.writeFileSync(file('package-lock.json'), '{}')"],
    ['what it wrote was changed', "fs.writeFileSync(file('dist/packages/mover.zip'), 'other')"],
    [
      'what it wrote is gone',
      "fs.rmSync(file('dist/packages'), { recursive: true }); fs.mkdirSync(file('dist/packages'))",
    ],
    ['the stamp is gone', "fs.rmSync(file('dist/stamp.json'))"],
    ['the stamp is damaged', "fs.writeFileSync(file('dist/stamp.json'), '{')"],
  ])('builds again when %s', (_, between) => {
    expect(runs(between)).toEqual([true, true]);
  });

  it('builds again after a build that failed', () => {
    expect(runs('', "throw new Error('wrong')")).toEqual(['wrong', true]);
  });

  it('builds again when a source was changed while it built', () => {
    expect(runs('', "fs.writeFileSync(file('main.ts'), 'two')")).toEqual([true, true]);
  });

  it('builds each time where it can keep no stamp', () => {
    expect(runs('', "fs.mkdirSync(file('dist/stamp.json'))")).toEqual([true, true]);
  });

  it('looks at every file of the project that the builds read', () => {
    const script = `
      import { build } from 'esbuild';
      import { SOURCES } from ${moduleOf('unchanged.mjs')};
      import { handlerNames } from ${moduleOf('bundle.mjs')};
      const handlers = (await handlerNames('.')).map((name) => 'handlers/' + name + '/index.ts');
      const { metafile } = await build({
        entryPoints: ['main.ts', ...handlers], outdir: 'out', write: false, metafile: true,
        bundle: true, platform: 'node', packages: 'external',
      });
      console.log(JSON.stringify(Object.keys(metafile.inputs).filter(
        (input) => !SOURCES.some((source) => input === source || input.startsWith(source + '/')))));`;
    const missed = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(JSON.parse(missed)).toEqual([]);
  });
});
