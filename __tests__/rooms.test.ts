import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

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

describe.each(['constructs', 'tools'])('%s/', (layer) => {
  it.each(Object.entries(rooms[layer] ?? {}))('%s says what it may import', (room, others) => {
    const text = readFileSync(path.join(layer, room, 'README.md'), 'utf8').replaceAll(/\s+/gu, ' ');
    const allowed = others.length > 0 ? others.map((other) => `\`${other}\``).join(', ') : 'no other room';
    expect(text).toContain(`May import: ${allowed}.`);
  });
});
