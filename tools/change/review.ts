import { readFileSync } from 'node:fs';
import path from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { clientConfig } from '../lib/clients';
import { ENVIRONMENT_OPTION } from '../lib/choose-environment';
import { parseOptions, runTool, type Main } from '../lib/command';
import { codeOf, messageOf, ToolError, UsageError } from '../lib/errors';
import { askAccount, NOT_ASKED } from './review/account';
import { openEnvironment } from '../lib/pipeline';
import { makePlan } from './review/make-plan';
import { parsePlan } from './review/plan';
import { review, type Review } from './review/review';

const HELP = `Summarizes a plan in Markdown: data at risk, exposure, permissions, changes.

  npm run review                        plans as \`npm run diff\` does first
  npm run review -- PLAN.json           of \`terraform show -json PLAN\`; - reads standard input

  --env NAME           the environment; PIPELINE_ENV, or else dev, unless given
  --allow-data-loss    exit 0 even where something that holds data would lose some
  --allow-exposure     exit 0 even where something would be opened, or where the review cannot see whether it is
  --drift              exit 3 where anything is to change, or was changed outside Terraform; 0 otherwise
  --offline            ask nothing of the account: how many messages and objects are at risk, whose notifications
                       of the bucket would be overwritten
  --title TEXT         what the plan is of, for the heading; the environment where it plans itself
  --help               show this

Nothing is changed. Values that Terraform marks as sensitive, or that look like secrets, are never printed; neither are
the values of environment variables, but for those that this project's stack sets.
Exit codes: 0 nothing is at risk; 1 there is no plan to read; 2 wrong command line; 3 data is at risk, or something is
exposed or not seen by the review.`;

const root = path.resolve(__dirname, '..', '..');

/** The exit code where somebody must look, unless that is allowed. */
const AT_RISK = 3;

const STANDARD_INPUT = 0;

export const main: Main = async (args) => {
  const { values, positionals } = parseOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      ...ENVIRONMENT_OPTION,
      'allow-data-loss': { type: 'boolean', default: false },
      'allow-exposure': { type: 'boolean', default: false },
      drift: { type: 'boolean', default: false },
      offline: { type: 'boolean', default: false },
      title: { type: 'string' },
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
  const config = clientConfig(open?.settings ?? {});
  const clients = { s3: () => new S3Client(config), sqs: () => new SQSClient(config) };
  const found = review(plan, {
    account: values.offline ? NOT_ASKED : await askAccount(plan, clients),
    title: values.title ?? made?.environment ?? '',
  });
  process.stdout.write(found.markdown);
  if (values.drift) return found.differs ? AT_RISK : 0;
  const { code, message } = verdict(found, {
    dataLoss: values['allow-data-loss'],
    exposure: values['allow-exposure'],
  });
  if (message !== '') console.error(message);
  return code;
};

/** What somebody has looked at and allowed. */
export interface Allowed {
  readonly dataLoss: boolean;
  readonly exposure: boolean;
}

/** The exit code of a review, and what is said of it. */
export function verdict(
  { dataAtRisk, exposed }: Pick<Review, 'dataAtRisk' | 'exposed'>,
  allowed: Allowed = { dataLoss: false, exposure: false },
): { readonly code: number; readonly message: string } {
  const [loses, opens] = [dataAtRisk && !allowed.dataLoss, exposed && !allowed.exposure];
  const messages = [
    loses ? 'Data is at risk: see above. If this is intended, pass `--allow-data-loss`.' : '',
    opens
      ? 'Something is exposed, or not seen by the review: see above. If this is intended, pass `--allow-exposure`.'
      : '',
  ];
  return {
    code: loses || opens ? AT_RISK : 0,
    message: messages.filter((text) => text !== '').join('\n'),
  };
}

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

if (require.main === module) void runTool(main);
