import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseOptions, runTool, type Main } from '../tools/lib/command';
import { UsageError } from '../tools/lib/errors';
import { Progress } from '../tools/lib/progress';
import { sectionText, withRun, type SectionResult } from './lib/result';
import type { Section } from './lib/section';
import { auditOfVersions } from './sections/audit';
import { capacity } from './sections/capacity';
import { cold } from './sections/cold';
import { failureRecords } from './sections/failures';
import { first } from './sections/first';
import { devLoop } from './sections/dev';
import { invokeHelper } from './sections/invoke';
import { local } from './sections/local';
import { packageSize } from './sections/package';
import { reviewOfPlan } from './sections/review';
import { synth } from './sections/synth';
import { warm } from './sections/warm';

const SECTIONS: readonly Section[] = [
  cold,
  first,
  warm,
  packageSize,
  invokeHelper,
  capacity,
  auditOfVersions,
  failureRecords,
  reviewOfPlan,
  synth,
  local,
  devLoop,
];

const HELP = `Measures this pipeline against its alternatives, side by side in one run.

  npm run bench -- [SECTION…] [--quick] [--json] [--readme]

Sections (all unless named):
${SECTIONS.map(({ name, about, slow }) => `  ${name.padEnd(10)} ${about}${slow === true ? ' (minutes; not in --quick)' : ''}`).join('\n')}

Options:
  --quick   fewer rounds: two or three minutes
  --json    prints every sample as JSON; what is being done goes to standard error
  --readme  writes the tables into bench/README.md
  --help    show this

Times depend on the machine and on what else it does; ratios of one run hardly do. bench/README.md has the method.`;

export const main: Main = async (args) => {
  const { values, positionals } = parseOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      readme: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const root = path.resolve(__dirname, '..');
  const folder = path.join(root, '.local', 'bench');
  const progress = new Progress(process.stderr);
  const results: Record<string, SectionResult> = {};
  for (const section of chosen(positionals, values.quick)) {
    const result = await progress.step(`${section.name}: ${section.about}`, (note) =>
      section.run({ root, folder, quick: values.quick, note }),
    );
    results[section.name] = result;
    if (!values.json) console.log(`\n${sectionText(result)}\n`);
  }
  if (values.json) console.log(JSON.stringify({ machine: machine(), results }, undefined, 2));
  else console.log(machine());
  if (values.readme) {
    const file = path.join(root, 'bench', 'README.md');
    const run = `${new Date().toISOString().slice(0, 10)}, ${machine()}`;
    writeFileSync(file, withRun(readFileSync(file, 'utf8'), run, Object.values(results)));
  }
  return 0;
};

function chosen(names: readonly string[], quick: boolean): readonly Section[] {
  for (const name of names) {
    if (SECTIONS.some((section) => section.name === name)) continue;
    const known = SECTIONS.map((section) => section.name).join(', ');
    throw new UsageError(`Got section ${JSON.stringify(name)}; there are ${known}.`);
  }
  if (names.length > 0) return SECTIONS.filter(({ name }) => names.includes(name));
  return SECTIONS.filter(({ slow }) => !(quick && slow === true));
}

/** What the numbers were measured on. */
function machine(): string {
  const cpus = os.cpus();
  const memory = Math.round(os.totalmem() / 1024 ** 3);
  return `${cpus.length} × ${cpus[0]?.model.trim() ?? 'CPU'}, ${memory} GB, ${os.type()} ${os.arch()}, Node.js ${process.versions.node}`;
}

if (require.main === module) void runTool(main);
