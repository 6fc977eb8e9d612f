import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Runs `npm run docs` in a folder, without npm. */
const docs = (folder: string, ...args: string[]) =>
  spawnSync(path.resolve('node_modules/.bin/tsx'), ['tools/change/docs.ts', ...args], {
    cwd: folder,
    encoding: 'utf8',
  });

describe('npm run docs', () => {
  it('finds docs/settings.md to be what the schema says', () => {
    expect(docs('.', '--check')).toMatchObject({ status: 0, stderr: '' });
  });

  it('says so where the page is not current, and writes it when asked', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'docs-'));
    for (const source of ['config', 'docs', 'tools', '.prettierrc.json', 'tsconfig.json']) {
      cpSync(source, path.join(folder, source), { recursive: true });
    }
    symlinkSync(path.resolve('node_modules'), path.join(folder, 'node_modules'));
    writeFileSync(path.join(folder, 'docs/settings.md'), 'old');

    expect(docs(folder, '--check')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('npm run docs') as string,
    });
    expect(docs(folder)).toMatchObject({ status: 0 });
    expect(readFileSync(path.join(folder, 'docs/settings.md'), 'utf8')).toBe(
      readFileSync('docs/settings.md', 'utf8'),
    );
  });
});
