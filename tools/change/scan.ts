import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EVERYTHING, MINIMAL, synthPipeline, type Synthesized } from '../../__tests__/support/synth';
import { parseOptions, runTool, type Main } from '../lib/command';
import { UsageError } from '../lib/errors';
import { Progress } from '../lib/progress';
import { ensureCheckov, scan } from './scan/checkov';
import { compare, readReport } from './scan/findings';
import { REASONS } from './scan/reasons';
import { asPlan, asTerraformJson } from './scan/shapes';

const HELP = `Scans the stack with checkov: with the default settings, and with every option on.

  npm run scan

A check that fails needs a reason in tools/change/scan/reasons.ts; a reason whose check passes again must go.
checkov is installed below .local/, from the Python package index, the first time. Exit codes: 0, 1, 2.

  --help   show this`;

const root = path.resolve(__dirname, '..', '..');

/** A scan with fewer passed checks has not read the whole stack. */
const PASSED_AT_LEAST = 200;

export const main: Main = async (args) => {
  const options = { help: { type: 'boolean', short: 'h', default: false } } as const;
  const { values, positionals } = parseOptions({ args: [...args], allowPositionals: true, options });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (positionals.length > 0)
    throw new UsageError(`Expected no arguments; got ${positionals.join(' ')}.\n\n${HELP}`);
  const progress = new Progress(process.stdout);
  const folder = await mkdtemp(path.join(tmpdir(), 'scan-'));
  try {
    const python = await progress.step('Getting checkov', () => ensureCheckov(root, process.env));
    const types = await writeStacks(folder);
    const json = await progress.step('Scanning', () => scan(python, folder, process.env));
    const report = readReport(json, types);
    const wrong = compare(report, REASONS);
    if (report.parsingErrors > 0 || report.passed < PASSED_AT_LEAST) {
      wrong.push(
        `Only ${report.passed} checks passed, with ${report.parsingErrors} files unread: checkov has not seen the stack.`,
      );
    }
    for (const line of wrong) console.error(line);
    console.log(
      `${report.passed} checks passed, ${report.failed.length} failed for a written reason or are listed above.`,
    );
    return wrong.length === 0 ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true });
  }
};

/** @returns the Terraform type of each resource, by its name */
async function writeStacks(folder: string): Promise<Map<string, string>> {
  const types = new Map<string, string>();
  for (const [name, settings] of [
    ['defaults', MINIMAL],
    ['everything', EVERYTHING],
  ] as const) {
    const synthesized = synthPipeline(settings);
    await writeFile(path.join(folder, `${name}.tf.json`), asTerraformJson(synthesized));
    await writeFile(path.join(folder, `${name}.plan.json`), asPlan(synthesized));
    for (const [type, blocks] of Object.entries((JSON.parse(synthesized) as Synthesized).resource)) {
      for (const id of Object.keys(blocks)) types.set(id, type);
    }
  }
  return types;
}

if (require.main === module) void runTool(main);
