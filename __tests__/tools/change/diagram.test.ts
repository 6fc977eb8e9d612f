import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Runs `npm run diagram` in a folder, without npm. */
const diagram = (folder: string, args: string[], env: Record<string, string> = {}) =>
  spawnSync(path.resolve('node_modules/.bin/tsx'), ['tools/change/diagram.ts', ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });

/** The project in a folder of its own, with its pictures in need of drawing. */
function checkout(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'diagram-'));
  const sources = [
    'config',
    'constructs',
    'docs',
    'handlers',
    'stacks',
    'tools',
    'package.json',
    'tsconfig.json',
  ];
  for (const source of sources) cpSync(source, path.join(folder, source), { recursive: true });
  symlinkSync(path.resolve('node_modules'), path.join(folder, 'node_modules'));
  return folder;
}

describe('npm run diagram', () => {
  it('finds the pictures to be what the stack wires', () => {
    expect(diagram('.', ['--check'])).toMatchObject({ status: 0, stderr: '' });
  });

  it('says so where a picture is not true any more, and draws it anew when asked', () => {
    const folder = checkout();
    const settings = path.join(folder, 'config/trigger-settings.ts');
    writeFileSync(
      settings,
      readFileSync(settings, 'utf8').replace(".default('direct')", ".default('queue')"),
    );

    expect(diagram(folder, ['--check'])).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(
        /^Not current: docs\/architecture\.md\. Run `npm run diagram`\.$/mu,
      ) as string,
    });
    expect(diagram(folder, [])).toMatchObject({ status: 0 });
    expect(readFileSync(path.join(folder, 'docs/architecture.md'), 'utf8')).toContain('batches of 10');
    expect(diagram(folder, ['--check'])).toMatchObject({ status: 0 });
  });

  it('gives each environment’s picture to the renderer that is at hand', () => {
    const folder = checkout();
    const renderer = path.join(folder, 'bin');
    mkdirSync(renderer);
    writeFileSync(path.join(renderer, 'mmdc'), '#!/bin/sh\nexec cp "$2" "$4"\n');
    chmodSync(path.join(renderer, 'mmdc'), 0o755);

    const { status } = diagram(folder, ['--svg', 'svg'], { PATH: `${renderer}:${process.env.PATH ?? ''}` });

    expect(status).toBe(0);
    for (const name of ['local', 'dev', 'prod']) {
      expect(readFileSync(path.join(folder, `svg/${name}.svg`), 'utf8')).toMatch(/^flowchart LR/u);
    }
  });

  it('names the renderer where there is none', () => {
    const folder = checkout();
    const bin = path.join(folder, 'bin');
    mkdirSync(bin);
    symlinkSync(process.execPath, path.join(bin, 'node'));

    expect(diagram(folder, ['--svg', 'svg'], { PATH: `${bin}:/bin` })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('mmdc is not on PATH; install it with') as string,
    });
  });

  it('refuses an option it does not know', () => {
    expect(diagram('.', ['--png'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("'--png'") as string,
    });
  });
});
