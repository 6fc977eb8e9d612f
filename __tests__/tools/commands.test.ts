import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type * as util from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import type { Main } from '../../tools/lib/command';
import { runMain } from '../support/tool';

/** What every command line was parsed with, latest last. */
const mockParsed: ParseArgsConfig[] = [];
jest.mock('node:util', () => {
  const actual = jest.requireActual<typeof util>('node:util');
  const parseArgs = (config: ParseArgsConfig) => {
    mockParsed.push(config);
    return actual.parseArgs(config);
  };
  return { ...actual, parseArgs };
});

// Modules of another kind, which jest does not load.
jest.mock('../../tools/build/bundle.mjs', () => ({ handlerNames: () => Promise.resolve(['caller']) }));
jest.mock('prettier', () => ({}));

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

/** Every program below a folder that ends as a command does. */
const programs = ['bench', 'tools']
  .flatMap((root) =>
    readdirSync(root, { recursive: true, encoding: 'utf8' }).map((file) => path.join(root, file)),
  )
  .filter((file) => file.endsWith('.ts') && readFileSync(file, 'utf8').includes('require.main === module'));

/** The scripts that run one of them. */
const scripted = Object.entries(scripts).flatMap(([name, script]) => {
  const [, file = '', rest = ''] = /\brun\.mjs (\S+\.ts)(.*)$/u.exec(script) ?? [];
  const args = rest.split(' ').filter(Boolean);
  return file === '' ? [] : [{ command: `npm run ${name}`, file, args }];
});

/** Every command: its name, as documents have it, its program and the arguments that come first. */
const commands = [
  ...scripted,
  ...programs
    .filter((program) => !scripted.some(({ file }) => file === program))
    .map((file) => ({ command: `npx tsx ${file}`, file, args: [] as string[] })),
];

/** The clock, while a command tells its help. */
const NOW = 123_456_789;

/** Everything that tells people what to type. */
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'help',
  'bench/README.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => path.join('docs', file)),
  ...readdirSync('.github/workflows').map((file) => path.join('.github/workflows', file)),
].map((file) => [file, readFileSync(file, 'utf8')] as const);

const optionsIn = (text: string): string[] =>
  [...text.matchAll(/(?<![\w-])--([a-z][a-z-]*)/gu)].map(([, option = '']) => option);

it('every script that runs a program runs one that is a command', () => {
  expect(scripted.length).toBeGreaterThan(15);
  expect(scripted.map(({ file }) => file).filter((file) => !programs.includes(file))).toEqual([]);
});

describe.each(commands)('$command', ({ command, file, args }) => {
  let main: Main;
  let help = '';
  let options: NonNullable<ParseArgsConfig['options']> = {};
  /** Whether what follows is the command line of another command. */
  let passesOn = false;

  beforeAll(async () => {
    ({ main } = (await import(path.resolve(file))) as { main: Main });
    mockParsed.length = 0;
    const clock = jest.spyOn(Date, 'now').mockReturnValue(NOW);
    const { status, stdout } = await runMain(main, [...args, '--help']);
    clock.mockRestore();
    if (status !== 0) throw new Error(`--help ends ${status}.`);
    help = stdout;
    options = mockParsed.at(-1)?.options ?? {};
    passesOn = mockParsed.length === 0;
  });

  it('tells in its help every option that it parses, and its default', () => {
    const told = optionsIn(help);
    const own = Object.entries(options).filter(([name]) => name !== 'help');

    expect(own.map(([name]) => name).filter((name) => !told.includes(name))).toEqual([]);
    const defaults = own.flatMap(([, { default: value }]) => (typeof value === 'string' ? [value] : []));
    // A seed is another one every time.
    expect(defaults.filter((value) => value !== String(NOW) && !help.includes(value))).toEqual([]);
  });

  it('tells in its help no option that it does not parse', () => {
    const foreign = /npm run local -- (?!npm).*/gu; // a command's own options
    const known = ['help', ...Object.keys(options)];

    expect(optionsIn(help.replaceAll(foreign, '')).filter((name) => !known.includes(name))).toEqual([]);
  });

  it('parses every option that a document shows with it', () => {
    const shown = new RegExp(`${command.replace(/[.]/gu, '\\.')}(?: --)? ((?:(?!npm )[^\\n\`|;&#])*)`, 'gu');
    const known = ['help', ...Object.keys(options)];
    if (passesOn) return;

    for (const [document, text] of documents) {
      for (const [, rest = ''] of text.matchAll(shown)) {
        const unknown = optionsIn(rest).filter((name) => !known.includes(name));
        expect({ document, unknown }).toEqual({ document, unknown: [] });
      }
    }
  });

  it('refuses an option that it does not have, before it does anything', async () => {
    if (passesOn) return;
    const { status, stdout, stderr } = await runMain(main, [...args, '--nonsense'], {});

    expect(stdout).toBe('');
    expect(stderr).toContain("'--nonsense'");
    expect(status).toBeGreaterThanOrEqual(2);
  });
});

describe.each([
  ['redrive', ['--rate', 'fast'], '--rate: got "fast"; expected an integer from 1 to 1000.'],
  ['redrive', ['--max', '0'], '--max: got "0"; expected an integer from 1 to 1000000.'],
  ['redrive', ['--hold', '1'], '--hold: got "1"; expected an integer from 5 to 43200.'],
  ['sweep', ['--older-than', 'long'], '--older-than: got "long"; expected a number with s, m, h or d'],
  ['logs', ['--since', '5'], '--since: got "5"; expected a number with s, m, h or d'],
])('npm run %s %j', (tool, args, message) => {
  it('is refused before a pipeline is looked for', async () => {
    const { main } = (await import(path.resolve(`tools/operate/${tool}.ts`))) as { main: Main };

    await expect(runMain(main, args, {})).resolves.toEqual({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining(message) as string,
    });
  });
});
