import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { handlerNames } from '../build/bundle.mjs';
import { redraw } from './diagram/page';
import { environmentPictures, triggerPictures } from './diagram/pictures';
import { renderSvg } from './diagram/svg';
import { parseOptions, runTool } from '../lib/command';
import { ToolError } from '../lib/errors';

const HELP = `Usage: npm run diagram [-- --check | --svg FOLDER]

Draws what the synthesized stack really wires, as Mermaid: notifications, rules, subscriptions, event source mappings,
schedules, destinations, dead-letter queues, permissions and grants. The pictures stand in docs/architecture.md (each
environment) and docs/event-sources.md (each trigger).

Options:
  --check       write nothing; exit 1 where a page is not current
  --svg FOLDER  also draw each environment to FOLDER/NAME.svg
  --help        show this`;

const root = path.resolve(__dirname, '..', '..');

/** The pages with pictures, and the pictures of each. */
const PAGES = [
  { file: 'docs/architecture.md', pictures: environmentPictures },
  { file: 'docs/event-sources.md', pictures: triggerPictures },
] as const;

/** @param folder with the pages */
export const main = async (args: readonly string[], folder = root): Promise<number> => {
  const { values } = parseOptions({
    args: [...args],
    options: { check: { type: 'boolean' }, svg: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  const handlers = await handlerNames(root);
  const stale = PAGES.filter(({ file, pictures }) => {
    const page = readFileSync(path.join(folder, file), 'utf8');
    const drawn = redraw(page, file, pictures(handlers));
    if (values.check !== true) writeFileSync(path.join(folder, file), drawn);
    return drawn !== page;
  }).map(({ file }) => file);

  if (values.check === true && stale.length > 0) {
    throw new ToolError(`Not current: ${stale.join(', ')}. Run \`npm run diagram\`.`);
  }
  if (values.check !== true)
    console.log(stale.length > 0 ? `Drawn anew: ${stale.join(', ')}.` : 'Nothing changed.');
  if (values.svg !== undefined) await drawSvgs(values.svg, handlers);
  return 0;
};

async function drawSvgs(folder: string, handlers: readonly string[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const { names, mermaid } of environmentPictures(handlers)) {
    for (const name of names) {
      const file = path.join(folder, `${name}.svg`);
      await renderSvg(mermaid, file);
      console.log(`${file} drawn.`);
    }
  }
}

if (require.main === module) void runTool(main);
