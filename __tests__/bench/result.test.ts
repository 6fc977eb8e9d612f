import { isMet, numeral, sectionText, type SectionResult, withRun } from '../../bench/lib/result';

const result: SectionResult = {
  title: 'Warm',
  measurements: [
    { what: 'objects', unit: 'a second', samples: { ours: [1_100, 900, 1_000], boto3: [500] } },
    { what: 'CPU', unit: 'ms', samples: { boto3: [1, 2, 3, 4, 5] } },
  ],
  ratios: [
    { what: 'faster', value: 2, target: { least: 1.7 } },
    { what: 'CPU', value: 0.61234, target: { most: 0.6 } },
    { what: 'told only', value: 3 },
  ],
  notes: ['On a stub.'],
};

const cells = (line: string | undefined): string[] => (line ?? '').trim().split(/ {2,}/u);

describe('a section of the bench', () => {
  it('is a table of medians by contender, with the middle half of many samples', () => {
    const lines = sectionText(result).split('\n');

    expect(lines[0]).toBe('Warm');
    expect(cells(lines[2])).toEqual(['ours', 'boto3']);
    expect(cells(lines[3])).toEqual(['objects, a second', '1,000', '500']);
    expect(cells(lines[4])).toEqual(['CPU, ms', '3 (2–4)']);
  });

  it('says of each ratio what it is meant to be, and whether it is', () => {
    const rows = sectionText(result).split('\n').map(cells);

    expect(rows).toContainEqual(['faster', '2', 'at least 1.7', 'met']);
    expect(rows).toContainEqual(['CPU', '0.612', 'at most 0.6', 'missed']);
    expect(rows).toContainEqual(['told only', '3']);
    expect(rows.at(-1)).toEqual(['On a stub.']);
  });

  it.each([
    [1.7, { least: 1.7 }, true],
    [1.69, { least: 1.7 }, false],
    [0.6, { most: 0.6 }, true],
    [0.61, { most: 0.6 }, false],
    // What could not be measured is not met.
    [NaN, { most: 0.6 }, false],
    [NaN, { least: 1.7 }, false],
  ])('%d against %j', (value, target, met) => {
    expect(isMet({ what: '', value, target })).toBe(met);
  });

  it.each([
    [0.123456, '0.123'],
    [12.345, '12.3'],
    [999.4, '999'],
    [123_456.7, '123,457'],
  ])('writes %d as %s', (value, written) => {
    expect(numeral(value)).toBe(written);
  });
});

describe('withRun', () => {
  const page = (between: string) =>
    `before\n<!-- Between these two lines \`npm run bench -- --readme\` writes a run. -->${between}<!-- End of the run. -->\nafter\n`;

  it('puts a run in the place of the last one, and leaves the rest of the page', () => {
    const run = (title: string) => [{ title, measurements: [], ratios: [], notes: ['a note'] }];
    const first = withRun(page('\nold\n'), 'a machine', run('Cold'));

    expect(first).toBe(page('\n\na machine\n\n```text\nCold\n\n  a note\n```\n\n'));
    expect(withRun(first, 'a machine', run('Cold'))).toBe(first);
    expect(() => withRun('another page', 'a machine', run('Cold'))).toThrow(
      'The page has no lines <!-- Between',
    );
  });
});
