import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { main } from '../../../tools/change/diagram';
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

  it('gives each environment’s picture to the renderer that is at hand', async () => {
    const folder = pages();
    const renderer = path.join(folder, 'bin');
    mkdirSync(renderer);
    writeFileSync(path.join(renderer, 'mmdc'), '#!/bin/sh\nexec cp "$2" "$4"\n');
    chmodSync(path.join(renderer, 'mmdc'), 0o755);
    const svg = path.join(folder, 'svg');

    const { status } = await diagram(folder, ['--svg', svg], {
      PATH: `${renderer}:${process.env.PATH ?? ''}`,
    });

    expect(status).toBe(0);
    for (const name of ['local', 'dev', 'prod']) {
      expect(readFileSync(path.join(svg, `${name}.svg`), 'utf8')).toMatch(/^flowchart LR/u);
    }
  });

  it('names the renderer where there is none', async () => {
    const folder = pages();
    const bin = path.join(folder, 'bin');
    mkdirSync(bin);
    symlinkSync(process.execPath, path.join(bin, 'node'));

    await expect(
      diagram(folder, ['--svg', path.join(folder, 'svg')], { PATH: `${bin}:/bin` }),
    ).resolves.toMatchObject({
      status: 1,
      stderr: expect.stringContaining('mmdc is not on PATH; install it with') as string,
    });
  });
});
