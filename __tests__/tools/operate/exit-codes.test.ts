import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const FOLDER = path.join('tools', 'operate');
const COMMANDS = readdirSync(FOLDER).filter((name) => name.endsWith('.ts'));

it.each(COMMANDS)(
  'the help of %s says what its exit codes mean: 0, 1 failed, 2 wrong command line',
  (name) => {
    const help = /const HELP = `([^]*?)`;/u.exec(readFileSync(path.join(FOLDER, name), 'utf8'))?.[1] ?? '';

    expect(help.replaceAll(/\s+/gu, ' ')).toMatch(/Exit codes: 0 [^;]+; 1 [^;]+; 2 wrong command line[;.]/u);
  },
);
