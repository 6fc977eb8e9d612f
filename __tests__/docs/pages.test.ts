import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { blocksOf } from '../support/readme';

const pages = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'bench/README.md'],
  ...['docs', 'docs/adr'].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.md'))
      .map((name) => path.join(folder, name)),
  ),
];
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

/** npm's own commands. `cit` installs and then tests. */
const NPM = new Set(['ci', 'cit', 'install', 'run', 'uninstall']);

const textOf = (page: string): string => readFileSync(page, 'utf8');

/** The anchors of a page, as GitHub makes them of its headings. */
const anchorsOf = (page: string): string[] =>
  [...textOf(page).matchAll(/^#+ (.*)$/gmu)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );

/** What TypeScript says of the syntax of a snippet: a whole file, or members of an object. */
function syntaxErrors(code: string): string[] {
  const [asFile = [], asMembers = []] = [code, `({ ${code} })`].map((source) =>
    (ts.transpileModule(source, { reportDiagnostics: true }).diagnostics ?? []).map(({ messageText }) =>
      ts.flattenDiagnosticMessageText(messageText, '\n'),
    ),
  );
  return asMembers.length === 0 ? [] : asFile;
}

describe.each(pages)('%s', (page) => {
  const blocks = (...languages: string[]): string[] =>
    blocksOf(textOf(page))
      .filter(({ language }) => languages.includes(language))
      .map(({ code }) => code);

  it('links only to files and headings that exist', () => {
    const links = [...textOf(page).matchAll(/\]\((?!https?:|mailto:)([^)\s]*)\)/gu)].map(
      ([, link = '']) => link,
    );

    const broken = links.filter((link) => {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? page : path.join(path.dirname(page), file);
      return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
    });
    expect(broken).toEqual([]);
  });

  it('names only npm scripts that exist', () => {
    const named = [...textOf(page).matchAll(/\bnpm (?:run (?:-s |--silent )?)?([a-z][\w:-]*)(?=[\s`'"])/gu)];
    const inCode = named.filter(({ index }) => isInCode(textOf(page), index)).map(([, name = '']) => name);

    expect(inCode.filter((name) => !NPM.has(name) && !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it('shows only shell commands that a shell can parse', () => {
    const wrong = blocks('sh', 'bash').filter(
      (code) => spawnSync('sh', ['-n'], { input: code }).status !== 0,
    );

    expect(wrong).toEqual([]);
  });

  it('shows only TypeScript and JSON that can be parsed', () => {
    expect(blocks('ts', 'typescript').flatMap(syntaxErrors)).toEqual([]);
    for (const code of blocks('json')) expect(() => JSON.parse(code) as unknown).not.toThrow();
  });
});

/** Whether a place in a page is within backticks, or in a fenced block. */
function isInCode(text: string, index: number): boolean {
  const before = text.slice(0, index);
  if ((before.match(/^ *```/gmu) ?? []).length % 2 === 1) return true;
  const paragraph = before.slice(before.lastIndexOf('\n\n') + 1);
  return (paragraph.match(/`/gu) ?? []).length % 2 === 1;
}

describe('README.md', () => {
  it('shows how to run and how to test first, under the paragraph of the title', () => {
    const [, , third = ''] = textOf('README.md').split('\n\n');

    expect(third.split('\n').map((line) => line.replace(/ *#.*/u, ''))).toEqual([
      '```sh',
      'npm ci && npm start',
      'npm cit',
      '```',
    ]);
  });
});
