import { MAX_KEPT_BYTES } from '../../handlers/shared/failure-record';
import { readFileSync } from 'node:fs';

const page = readFileSync('docs/invoking.md', 'utf8');

/** The numbered sections: each one a hole to fall into. */
const sections = page
  .split(/^## (?=\d\. )/mu)
  .slice(1)
  .map((text) => ({ title: text.split('\n')[0] ?? '', text }));

/** `FILE`: "title of a test" */
const references = sections.flatMap(({ title, text }) =>
  [...text.matchAll(/^- `([^`]+)`: "(.+)"$/gmu)].map(([, file = '', test = '']) => ({ title, file, test })),
);

describe('docs/invoking.md', () => {
  it('has a section for each of the six holes', () => {
    expect(sections.map(({ title }) => title)).toEqual([
      '1. A 200 that is an error',
      '2. Context does not travel',
      '3. From a VPC',
      '4. Waiting by accident',
      '5. Reserved concurrency',
      '6. Environment variables belong to the callee',
    ]);
  });

  it.each(sections)('$title: shows the wrong way, the right way and a test', ({ title, text }) => {
    expect(text).toMatch(/^Wrong:\n\n```ts\n/mu);
    expect(text).toMatch(/^Right:\n\n```ts\n/mu);
    expect(references.filter((reference) => reference.title === title)).not.toEqual([]);
  });

  it.each(references)('$title: $file tests that it "$test"', ({ file, test }) => {
    // In the source a title stands between quotes, in which its own may be escaped.
    const source = readFileSync(file, 'utf8').replaceAll("\\'", "'");

    expect([`it('${test}'`, `it("${test}"`].some((title) => source.includes(title))).toBe(true);
  });

  it.each([
    ['handlers/shared/invoke.ts', ['MAX_SYNC_BYTES = 6 * 1024 * 1024']],
    ['handlers/shared/invoke-envelope.ts', ["ENVELOPE = 'upload-pipeline/envelope'"]],
  ])('tells what %s does', (file, constants) => {
    for (const constant of constants) expect(readFileSync(file, 'utf8')).toContain(constant);
    const kept = MAX_KEPT_BYTES.toLocaleString('en');
    for (const told of ['6,291,456', kept, 'upload-pipeline/envelope']) expect(page).toContain(told);
  });

  it('tells every error that a call may end with', () => {
    const errors = [
      ...readFileSync('handlers/shared/invoke-errors.ts', 'utf8').matchAll(
        /override readonly name = '(\w+)'/gu,
      ),
    ].map(([, name]) => name);

    expect(errors.length).toBeGreaterThan(0);
    for (const name of errors) expect(page).toContain(`| \`${name ?? ''}\``);
  });
});
