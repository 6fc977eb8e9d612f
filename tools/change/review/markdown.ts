import { maskText } from './mask';

/** GitHub refuses comments over 65,536 characters; the difference is room for additions of a workflow. */
const LONGEST = 60_000;

/** The most lines of a section before the rest is folded. */
const SHOWN = 20;

/** The longest value that is shown whole, and with it the text that a plan can push into the review. */
const LONGEST_VALUE = 400;

/** Markdown that is safe to print: this project's own words, with the values of the plan in code spans. */
export class Markdown {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

/**
 * Writes Markdown. A text that is filled in becomes a code span, with secrets masked: there is no other way for the
 * value of a plan into the review.
 */
export function md(
  words: TemplateStringsArray,
  ...values: readonly (Markdown | string | number)[]
): Markdown {
  const texts = values.map((value) =>
    typeof value === 'string' ? code(value).text : typeof value === 'number' ? String(value) : value.text,
  );
  return new Markdown(words.map((word, index) => `${word}${texts[index] ?? ''}`).join(''));
}

/** This project's own words, for those that stand in a table. Never give it a value of a plan. */
export const words = (text: string): Markdown => new Markdown(text);

export const NOTHING = words('');

/** Joins pieces of Markdown. */
export const join = (parts: readonly Markdown[], separator = ', '): Markdown =>
  new Markdown(parts.map(({ text }) => text).join(separator));

/** Texts as code spans. */
export const codes = (texts: readonly string[]): Markdown => join(texts.map(code));

/** Text in a code span: its fence is longer than any backticks in the text, and the text stays on one line. */
export function code(text: string): Markdown {
  const line = visible(shortened(maskText(text)));
  const longest = Math.max(0, ...[...line.matchAll(/`+/gu)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  const isPadded = longest > 0 || line === '';
  return new Markdown(isPadded ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`);
}

/** White space becomes one space; what a terminal obeys, or what turns the direction of text, is written out. */
const visible = (text: string): string =>
  text
    .replace(/\s+/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/gu, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`);

function shortened(text: string): string {
  const more = text.length - LONGEST_VALUE;
  return more > 0 ? `${text.slice(0, LONGEST_VALUE)}… (${more} characters more)` : text;
}

export interface SectionProps {
  /** How many lines are shown before the rest is folded. */
  readonly shown?: number;
}

/** A section: its heading and a line per item; empty without items. */
export function section(
  heading: string,
  items: readonly Markdown[],
  { shown = SHOWN }: SectionProps = {},
): Markdown {
  if (items.length === 0) return NOTHING;
  const lines = items.map((item) => `- ${item.text}`);
  const rest = lines.slice(shown);
  const summary = shown === 0 ? `show ${rest.length}` : `${rest.length} more`;
  const folded =
    rest.length === 0
      ? []
      : [
          ...(shown === 0 ? [] : ['']),
          `<details><summary>${summary}</summary>`,
          '',
          ...rest,
          '',
          '</details>',
        ];
  return new Markdown([`### ${heading}`, '', ...lines.slice(0, shown), ...folded].join('\n'));
}

/** Joins the non-empty parts; cuts at a line break if the result is too long for a comment. */
export function page(parts: readonly Markdown[]): string {
  const whole = parts
    .map(({ text }) => text)
    .filter((part) => part !== '')
    .join('\n\n');
  if (whole.length <= LONGEST) return `${whole}\n`;
  const kept = whole.slice(0, whole.lastIndexOf('\n', LONGEST));
  const open = (kept.match(/<details>/gu) ?? []).length > (kept.match(/<\/details>/gu) ?? []).length;
  return `${kept}${open ? '\n\n</details>' : ''}\n\n_Cut here: the review is too long for a comment. \`npm run review\` shows all of it._\n`;
}
