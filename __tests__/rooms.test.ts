import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

interface Rooms {
  readonly rooms: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** ESLint's table, read by Node.js: jest runs no ES modules. */
const { rooms } = JSON.parse(
  execFileSync(process.execPath, [
    '--input-type=module',
    '--eval',
    "import { ROOMS } from './eslint.rooms.mjs'; console.log(JSON.stringify({ rooms: ROOMS }));",
  ]).toString(),
) as Rooms;

const LAYERS = ['bench', 'config', 'constructs', 'handlers', 'stacks', 'tools'];

const sources = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...LAYERS])
  .toString()
  .split('\n')
  .filter((file) => /\.(?:ts|mjs)$/u.test(file) && existsSync(file));

/** Every file, with the files of this project that it imports, for their types only too. */
const imports = new Map(
  sources.map((file) => [
    file,
    ts
      .preProcessFile(readFileSync(file, 'utf8'))
      .importedFiles.map(({ fileName }) => path.join(path.dirname(file), fileName))
      .flatMap((target) => [target, `${target}.ts`].filter((name) => sources.includes(name))),
  ]),
);

/** The first circle that a walk from `file` comes upon; undefined: none. */
function circle(file: string, way: readonly string[] = [], done = new Set<string>()): string[] | undefined {
  if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
  if (done.has(file)) return undefined;
  for (const next of imports.get(file) ?? []) {
    const found = circle(next, [...way, file], done);
    if (found) return found;
  }
  done.add(file);
  return undefined;
}

it('no file imports itself by way of others, not even for a type', () => {
  const done = new Set<string>();
  expect(sources.length).toBeGreaterThan(200);
  expect(sources.map((file) => circle(file, [], done)).filter(Boolean)).toEqual([]);
});

describe.each(['constructs', 'tools'])('%s/', (layer) => {
  it.each(Object.entries(rooms[layer] ?? {}))('%s says what it may import', (room, others) => {
    const text = readFileSync(path.join(layer, room, 'README.md'), 'utf8').replaceAll(/\s+/gu, ' ');
    const allowed = others.length > 0 ? others.map((other) => `\`${other}\``).join(', ') : 'no other room';
    expect(text).toContain(`May import: ${allowed}.`);
  });
});
