import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'prettier';
import { describeSettings } from '../../config/describe';
import { parseOptions, runTool, type Main } from '../lib/command';

const HELP = `Usage: npm run docs [-- --check]

Writes docs/settings.md from the schema in config/settings.ts.

Options:
  --check  write nothing; exit 1 where the file is not current
  --help   show this`;

const FILE = path.join('docs', 'settings.md');

const HEAD = `# Settings

<!-- Written from config/settings.ts by \`npm run docs\`: edit the schema, not this page. -->

\`config/environments.ts\` holds the environments; each gives only what differs from the defaults below.
\`PIPELINE_ENV\` picks one, \`dev\` where it is unset. A wrong setting stops the synth and names its path, what it got
and what is allowed.

| Setting | Allowed | Unit | Default | What it does |
| --- | --- | --- | --- | --- |
`;

/** The settings page, formatted as by `npm run format`. */
function settingsPage(): Promise<string> {
  const code = (text: string): string => `\`${text}\``;
  const rows = describeSettings().map(
    ({ path: name, allowed, unit, fallback, description }) =>
      `| ${code(name)} | ${allowed} | ${unit} | ${fallback === undefined ? '' : code(fallback)} | ${description} |`,
  );
  return format(HEAD + rows.join('\n'), { parser: 'markdown' });
}

export const main: Main = async (args) => {
  const { values } = parseOptions({
    args: [...args],
    options: { check: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const page = await settingsPage();
  if (!values.check) {
    writeFileSync(FILE, page);
    console.log(`${FILE} written.`);
    return 0;
  }
  if (readFileSync(FILE, 'utf8') === page) return 0;
  console.error(`${FILE} is not current: run \`npm run docs\`.`);
  return 1;
};

if (require.main === module) void runTool(main);
