import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseOptions, runTool, type Main } from '../lib/command';
import { UsageError } from '../lib/errors';
import { change, diff } from './deploy/change';

const HELP = `Plans and deploys the environment of PIPELINE_ENV (dev where unset).

  npm run diff                   what a deployment would change
  npm run deploy [-- --yes]      shows the plan, asks, and does it
  npm run destroy [-- --yes]     the same for destroying all of it
  npm run local -- npm run diff  on the local engine; likewise deploy and destroy

  --yes        do not ask; --auto-approve, cdktf's option, does the same
  --help, -h   show this

Types are checked before anything is changed. On a terminal the plan is Terraform's own text; in a log, a resource that
is created or destroyed is one line. The plan stays in the stack's folder; exactly this plan is applied.
Exit codes: 0 done, or nothing to do; 1 an error, or the answer was no; 2 a wrong command line, which includes deploy
and destroy without --yes where there is no terminal to ask on: nothing is changed then.`;

const root = path.resolve(__dirname, '..', '..');
const { stdin, stdout } = process;

export const main: Main = async ([name, ...args]) => {
  const { values } = parseOptions({
    args,
    options: {
      yes: { type: 'boolean', short: 'y', default: false },
      'auto-approve': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const props = {
    root,
    env: process.env,
    output: stdout,
    ask: stdin.isTTY && stdout.isTTY ? ask : undefined,
  };
  if (name === 'diff') {
    await diff(props);
    return 0;
  }
  if (name !== 'deploy' && name !== 'destroy') {
    throw new UsageError(`Expected deploy, diff or destroy; got ${name ?? 'nothing'}.\n\n${HELP}`);
  }
  return (await change(name, values.yes || values['auto-approve'], props)) ? 0 : 1;
};

/** @returns false for every answer but yes, Ctrl-C and Ctrl-D included */
async function ask(question: string): Promise<boolean> {
  const prompt = createInterface({ input: stdin, output: stdout });
  const closed = once(prompt, 'close').then(() => '');
  const answer = await Promise.race([prompt.question(question), closed]);
  prompt.close();
  return answer.trim() === 'yes';
}

if (require.main === module) void runTool(main);
