import { writeFile } from 'node:fs/promises';

/** Longest line of a label, in characters. The renderer breaks no line, and the picture would be as wide as its labels. */
const LINE = 22;

/** The renderer measures the text of a common sans-serif font; others are narrower, or nearly as wide. */
const FONT = 'Inter, Arial, Helvetica, sans-serif';

/** Draws a flowchart in Mermaid to an SVG file, without a browser. The file loads nothing, fonts neither. */
export async function renderSvg(mermaid: string, file: string): Promise<void> {
  // Imported when needed: it is large, and most runs draw no file.
  const { renderMermaidSVG } = await import('beautiful-mermaid');
  const svg = renderMermaidSVG(
    mermaid.replaceAll(/"([^"\n]*)"/gu, (_, label: string) => `"${broken(label)}"`),
  )
    .replace(/@import url\('[^']*'\);/u, '')
    .replace(/font-family: [^;]*;/u, `font-family: ${FONT};`);
  await writeFile(file, svg);
}

/** A label with each clause on lines of its own, broken between words. (`*` before a `;` would start italics.) */
function broken(label: string): string {
  const lines = label.split(/<br\/>|; /u).flatMap((clause) =>
    clause.split(' ').reduce<string[]>((before, word) => {
      const last = before.at(-1);
      return last !== undefined && `${last} ${word}`.length <= LINE
        ? [...before.slice(0, -1), `${last} ${word}`]
        : [...before, word];
    }, []),
  );
  return lines.join('<br/>');
}
