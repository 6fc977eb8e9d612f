import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { clientConfig } from '../lib/clients';
import { ENVIRONMENT_OPTION } from '../lib/choose-environment';
import { parseOptions, runTool, type Main } from '../lib/command';
import { codeOf, messageOf, ToolError, UsageError } from '../lib/errors';
import { openEnvironment } from '../lib/pipeline';
import { makePlan } from './review/make-plan';
import type { SynthesizedResources } from './review/permissions';
import { parsePlan } from './review/plan';
import { countLeftBehind } from './review/prefixes';
import { review } from './review/review';

const HELP = `Summarizes a plan in Markdown: data at risk, exposure, permissions, changes.

  npm run review                        plans as \`npm run diff\` does first
  npm run review -- PLAN.json           of \`terraform show -json PLAN\`; - reads standard input

  --env NAME           the environment; PIPELINE_ENV, or else dev, unless given
  --allow-data-loss    exit 0 even where something that holds data would lose some
  --title TEXT         what the plan is of, for the heading; the environment where it plans itself
  --synthesized FILE   the cdk.tf.json that was planned: tells the permissions of what is new, which a plan
                       cannot know; found by itself where it lies beside PLAN.json
  --help               show this

Nothing is changed. Values that Terraform marks as sensitive, or that look like secrets, are never printed.
Exit codes: 0 no data is at risk; 1 there is no plan to read; 2 wrong command line; 3 data is at risk.`;

const root = path.resolve(__dirname, '..', '..');

/** The exit code for data at risk without --allow-data-loss. */
const DATA_AT_RISK = 3;

const STANDARD_INPUT = 0;

export const main: Main = async (args) => {
  const { values, positionals } = parseOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      ...ENVIRONMENT_OPTION,
      'allow-data-loss': { type: 'boolean', default: false },
      title: { type: 'string' },
      synthesized: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (positionals.length > 1) {
    throw new UsageError(`Expected one plan at most; got ${positionals.join(', ')}.\n\n${HELP}`);
  }
  const [given] = positionals;
  const open = given === undefined ? await openEnvironment(values.env) : undefined;
  const made = open && (await makePlan({ root, env: open.env, output: process.stderr }));
  const file = given === '-' ? 'standard input' : (given ?? 'the plan');
  const plan = parsePlan(made?.json ?? read(given === '-' ? STANDARD_INPUT : file, file), file);
  const beside = path.join(path.dirname(file), 'cdk.tf.json');
  const synthesized = values.synthesized ?? made?.synthesized ?? (existsSync(beside) ? beside : undefined);
  const { markdown, dataAtRisk } = review(plan, {
    counts: await countLeftBehind(plan, () => new S3Client(clientConfig(open?.settings))),
    title: values.title ?? made?.environment ?? '',
    synthesized: synthesized === undefined ? {} : blocks(synthesized),
  });
  process.stdout.write(markdown);
  if (!dataAtRisk || values['allow-data-loss']) return 0;
  console.error('Data is at risk: see above. If this is intended, pass `--allow-data-loss`.');
  return DATA_AT_RISK;
};

/** @param name its name in an error */
function read(file: string | number, name = String(file)): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ToolError(
      codeOf(error) === 'ENOENT' ? `${name}: the file does not exist.` : `${name}: ${messageOf(error)}`,
    );
  }
}

function blocks(file: string): SynthesizedResources {
  const { resource = {} } = JSON.parse(read(file)) as { resource?: SynthesizedResources };
  return resource;
}

if (require.main === module) void runTool(main);
