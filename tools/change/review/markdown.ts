/** GitHub refuses comments over 65,536 characters; the difference is room for additions of a workflow. */
const LONGEST = 60_000;

/** The most lines of a section before the rest is folded. */
const SHOWN = 20;

/** Text in a code span: its fence is longer than any backticks in the text, and white space becomes one space. */
export function code(text: string): string {
  const line = text.replace(/\s+/gu, ' ');
  const longest = Math.max(0, ...[...line.matchAll(/`+/gu)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${line}${fence}` : `${fence} ${line} ${fence}`;
}

/** A section: its heading and a line per item; empty without items. */
export function section(heading: string, items: readonly string[]): string {
  if (items.length === 0) return '';
  const lines = items.map((item) => `- ${item}`);
  const rest = lines.slice(SHOWN);
  const folded =
    rest.length === 0
      ? []
      : ['', `<details><summary>${rest.length} more</summary>`, '', ...rest, '', '</details>'];
  return [`### ${heading}`, '', ...lines.slice(0, SHOWN), ...folded].join('\n');
}

/** Joins the non-empty parts; cuts at a line break if the result is too long for a comment. */
export function page(parts: readonly string[]): string {
  const whole = parts.filter((part) => part !== '').join('\n\n');
  if (whole.length <= LONGEST) return `${whole}\n`;
  const kept = whole.slice(0, whole.lastIndexOf('\n', LONGEST));
  const open = (kept.match(/<details>/gu) ?? []).length > (kept.match(/<\/details>/gu) ?? []).length;
  return `${kept}${open ? '\n\n</details>' : ''}\n\n_Cut here: the review is too long for a comment. \`npm run review\` shows all of it._\n`;
}
