import path from 'node:path';
import { askOnTerminal } from '../lib/ask';
import { ENVIRONMENT_OPTION } from '../lib/choose-environment';
import { parseOptions, runTool, type Main } from '../lib/command';
import { UsageError } from '../lib/errors';
import { openEnvironment } from '../lib/pipeline';
import { YES_OPTION } from '../lib/protect';
import { change, diff, requireAnswer } from './deploy/change';

const HELP = `Plans and deploys an environment.

  npm run diff                   what a deployment would change
  npm run deploy [-- --yes]      shows the plan, asks, and does it
  npm run destroy [-- --yes]     the same for destroying all of it
  npm run local -- npm run diff  on the local engine; likewise deploy and destroy

  --env NAME   the environment; PIPELINE_ENV, or else dev, unless given
  --yes        do not ask; --auto-approve, cdktf's option, does the same. The answer is yes, or the name of an environment that is
               protected
  --help, -h   show this

Types are checked before anything is changed. On a terminal the plan is Terraform's own text; in a log, a resource that
is created or destroyed is one line. The plan stays in the stack's folder; exactly this plan is applied.
Exit codes: 0 done, or nothing to do; 1 an error, or the answer was no; 2 a wrong command line, which includes deploy
and destroy without --yes where there is no terminal to ask on: nothing is changed then.`;

const root = path.resolve(__dirname, '..', '..');

export const main: Main = async ([name, ...args]) => {
  const { values } = parseOptions({
    args,
    options: {
      ...ENVIRONMENT_OPTION,
      ...YES_OPTION,
      'auto-approve': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (name !== 'deploy' && name !== 'destroy' && name !== 'diff') {
    throw new UsageError(`Expected deploy, diff or destroy; got ${name ?? 'nothing'}.\n\n${HELP}`);
  }
  const yes = values.yes || values['auto-approve'];
  const ask = process.stdout.isTTY ? askOnTerminal() : undefined;
  if (name !== 'diff') requireAnswer(name, yes, ask);
  const { name: environment, settings, env } = await openEnvironment(values.env);
  const answer = settings.protected ? environment : 'yes';
  const props = { root, env, output: process.stdout, ask, answer };
  if (name === 'diff') {
    await diff(props);
    return 0;
  }
  return (await change(name, yes, props)) ? 0 : 1;
};

if (require.main === module) void runTool(main);
