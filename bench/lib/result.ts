import { table } from '../../tools/lib/terminal';
import { median, quantile } from './statistics';

/** One quantity, measured on every contender. */
export interface Measurement {
  readonly what: string;
  readonly unit: string;
  /** By contender, in the order of the columns. */
  readonly samples: Readonly<Record<string, readonly number[]>>;
}

/** A number that does not depend on the machine, and its target. */
export interface Ratio {
  readonly what: string;
  readonly value: number;
  readonly target?: { readonly most: number } | { readonly least: number };
}

export interface SectionResult {
  readonly title: string;
  readonly measurements: readonly Measurement[];
  readonly ratios: readonly Ratio[];
  /** Notes for the reader of the numbers. */
  readonly notes: readonly string[];
}

/** Whether a ratio meets its target; undefined without a target. */
export function isMet({ value, target }: Ratio): boolean | undefined {
  if (target === undefined) return undefined;
  return 'most' in target ? value <= target.most : value >= target.least;
}

/** A section for a terminal or a page: medians by contender, then the ratios. */
export function sectionText({ title, measurements, ratios, notes }: SectionResult): string {
  const contenders = [...new Set(measurements.flatMap(({ samples }) => Object.keys(samples)))];
  const rows = measurements.map(({ what, unit, samples }) => [
    unit === '' ? what : `${what}, ${unit}`,
    ...contenders.map((contender) => figure(samples[contender] ?? [])),
  ]);
  const blocks = [
    title,
    measurements.length > 0 && table([['', ...contenders], ...rows]),
    ratios.length > 0 && table(ratios.map(ratioRow)),
    notes.length > 0 && notes.map((note) => `  ${note}`).join('\n'),
  ];
  return blocks.filter(Boolean).join('\n\n');
}

const BEGIN = '<!-- Between these two lines `npm run bench -- --readme` writes a run. -->';
const END = '<!-- End of the run. -->';

/** A page with another run in the place of its last one. @throws Error where the page has no such place */
export function withRun(page: string, run: string, results: readonly SectionResult[]): string {
  const [before, rest] = page.split(BEGIN);
  const [, after] = rest?.split(END) ?? [];
  if (before === undefined || after === undefined)
    throw new Error(`The page has no lines ${BEGIN} and ${END}`);
  // No line of a table may end in blanks.
  const text = results.map(sectionText).join('\n\n\n').replaceAll(/ +$/gmu, '');
  return `${before}${BEGIN}\n\n${run}\n\n\`\`\`text\n${text}\n\`\`\`\n\n${END}${after}`;
}

function ratioRow(ratio: Ratio): string[] {
  const { what, value, target } = ratio;
  if (target === undefined) return [what, numeral(value)];
  const meant = 'most' in target ? `at most ${target.most}` : `at least ${target.least}`;
  return [what, numeral(value), meant, isMet(ratio) ? 'met' : 'missed'];
}

/** The median, and with more than one sample how far a half of them is apart. */
function figure(samples: readonly number[]): string {
  if (samples.length === 0) return '';
  const middle = numeral(median(samples));
  if (samples.length < 4) return middle;
  return `${middle} (${numeral(quantile(samples, 0.25))}–${numeral(quantile(samples, 0.75))})`;
}

/** Three significant digits. */
export const numeral = (value: number): string =>
  value >= 1000
    ? Math.round(value).toLocaleString('en')
    : value.toLocaleString('en', { maximumSignificantDigits: 3 });
