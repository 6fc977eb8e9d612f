import { readFileSync } from 'node:fs';

/** A fenced block of a page. */
export interface Block {
  readonly language: string;
  readonly code: string;
}

/** The fenced blocks of a Markdown page, in their order; those in a list without their indentation. */
export function blocksOf(page: string): Block[] {
  return [...page.matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```$/gmu)].map(
    ([, indent, language = '', code = '']) => ({
      language,
      code: code.replace(new RegExp(`^${indent}`, 'gmu'), ''),
    }),
  );
}

/** The README's example of a step: a whole file, to paste over handlers/process-upload/process.ts. */
export function stepOfReadme(): string {
  const blocks = blocksOf(readFileSync('README.md', 'utf8'));
  const step = blocks.find(({ code }) => code.includes('export const processUpload'));
  if (!step) throw new Error('README.md shows no step.');
  return step.code;
}
