import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { codeOf, messageOf, ToolError } from '../../lib/errors';

const RENDERER = 'mmdc';

/**
 * Draws a picture to an SVG file with Mermaid's command `mmdc`.
 * @throws {ToolError} if it is not on PATH, or fails
 */
export async function renderSvg(mermaid: string, file: string): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'diagram-'));
  try {
    const source = path.join(folder, 'picture.mmd');
    await writeFile(source, mermaid);
    await promisify(execFile)(RENDERER, ['--input', source, '--output', file], { env: process.env });
  } catch (error) {
    const missing = codeOf(error) === 'ENOENT';
    throw new ToolError(
      missing
        ? `--svg: ${RENDERER} is not on PATH; install it with \`npm install --global @mermaid-js/mermaid-cli\`, or leave out --svg.`
        : `--svg: ${RENDERER} failed: ${messageOf(error)}`,
      { cause: error },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
