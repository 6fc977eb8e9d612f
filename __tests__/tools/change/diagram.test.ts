import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { main } from '../../../tools/change/diagram';
import { environmentPictures } from '../../../tools/change/diagram/pictures';
import { handlerNames as mockHandlerNames } from '../../support/synth';
import { runMain } from '../../support/tool';

// A module of another kind, which jest does not load.
jest.mock('../../../tools/build/bundle.mjs', () => ({
  handlerNames: () => Promise.resolve(mockHandlerNames()),
}));

/** Runs `npm run diagram` on the pages of a folder. */
const diagram = (folder: string, args: string[], env: Record<string, string> = {}) =>
  runMain((given) => main(given, folder), args, { ...process.env, ...env });

/** The pages in a folder of its own. */
function pages(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'diagram-'));
  cpSync('docs', path.join(folder, 'docs'), { recursive: true });
  return folder;
}

describe('npm run diagram', () => {
  it('finds the pictures to be what the stack wires', async () => {
    await expect(diagram('.', ['--check'])).resolves.toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('says so where a picture is not true any more, and draws it anew when asked', async () => {
    const folder = pages();
    const page = path.join(folder, 'docs/architecture.md');
    const current = readFileSync(page, 'utf8');
    writeFileSync(page, current.replace('rate(60 minutes)', 'rate(61 minutes)'));
    expect(readFileSync(page, 'utf8')).not.toBe(current);

    await expect(diagram(folder, ['--check'])).resolves.toEqual({
      status: 1,
      stdout: '',
      stderr: 'Not current: docs/architecture.md. Run `npm run diagram`.\n',
    });
    await expect(diagram(folder, [])).resolves.toMatchObject({ status: 0 });
    expect(readFileSync(page, 'utf8')).toBe(current);
  });

  it('draws each environment to an SVG file that holds every label and loads nothing', async () => {
    const svg = path.join(pages(), 'svg');
    // As a process of its own: the renderer is a module of another kind, too.
    await promisify(execFile)(process.execPath, [
      'tools/build/run.mjs',
      'tools/change/diagram.ts',
      '--svg',
      svg,
    ]);

    for (const { names, mermaid } of environmentPictures(mockHandlerNames())) {
      const labels = [...mermaid.matchAll(/"([^"]+)"/gu)].map(([, label = '']) => label);
      expect(labels.length).toBeGreaterThan(10);
      for (const name of names) {
        const drawn = readFileSync(path.join(svg, `${name}.svg`), 'utf8');
        const texts = [...drawn.matchAll(/<text[^>]*>(.*?)<\/text>/gsu)].map(([, text = '']) =>
          wordsIn(text),
        );
        expect(texts).toEqual(expect.arrayContaining(labels.map(wordsIn)));
        expect(drawn.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/https?:|@import/u);
      }
    }
  });
});

/** The letters of a text, without tags, spaces and `;`: a label is broken into lines, one or more for each clause. */
const wordsIn = (text: string): string => text.replaceAll(/<[^>]*>|[\s;]/gu, '');
