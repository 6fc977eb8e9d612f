import { ToolError } from '../../lib/errors';
import type { Picture } from './pictures';

const BEGIN = '<!-- Between these two lines `npm run diagram` draws what the synthesized stack wires. -->';
const END = '<!-- End of what `npm run diagram` draws. -->';

/**
 * A page with its pictures redrawn between the two markers.
 * @throws {ToolError} if a marker is missing
 */
export function redraw(page: string, file: string, pictures: readonly Picture[]): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin === -1 || end < begin) {
    throw new ToolError(
      `${file}: the place for the pictures is missing; expected the two lines\n${BEGIN}\n${END}`,
    );
  }
  const drawn = pictures.map(
    ({ names, mermaid }) => `${inWords(names)}:\n\n\`\`\`mermaid\n${mermaid}\n\`\`\`\n`,
  );
  return `${page.slice(0, begin)}${BEGIN}\n\n${drawn.join('\n')}\n${page.slice(end)}`;
}

/** `a`, `b` and `c`, each as code. */
function inWords(names: readonly string[]): string {
  const code = names.map((name) => `\`${name}\``);
  const last = code.pop() ?? '';
  return code.length === 0 ? last : `${code.join(', ')} and ${last}`;
}
