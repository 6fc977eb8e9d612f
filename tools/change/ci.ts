import { readFileSync } from 'node:fs';
import { comment } from './ci/comment';
import type { GitHub } from './ci/github';
import { checkReviewers } from './ci/reviewers';
import { parseOptions, runTool, type Main } from '../lib/command';
import { ToolError, UsageError } from '../lib/errors';
import { integerOption } from '../lib/options';

const HELP = `Helpers of the workflows in .github/workflows.

  npx tsx tools/change/ci.ts comment --pull-request N --key KEY FILE
      puts FILE under the pull request, over the comment that had the same key. Reads GITHUB_TOKEN,
      GITHUB_REPOSITORY and GITHUB_API_URL, as GitHub Actions sets them
  npx tsx tools/change/ci.ts check-state CDK_TF_JSON
      exits 1 where the state would be a file on the runner, which is lost with it
  npx tsx tools/change/ci.ts check-reviewers ENVIRONMENT
      exits 1 where GitHub's environment has no required reviewers: a job in it would wait for nobody. Reads the
      same variables

  --help   show this`;

export const main: Main = async (args) => {
  const { values, positionals } = parseOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      'pull-request': { type: 'string' },
      key: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [command, file, ...others] = positionals; // of check-reviewers, the environment
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (file === undefined || others.length > 0)
    throw new UsageError(`Expected a command and one file.\n\n${HELP}`);
  if (command === 'check-state') return checkState(file);
  if (command === 'check-reviewers') {
    await checkReviewers({ ...github(), environment: file });
    return 0;
  }
  if (command !== 'comment')
    throw new UsageError(
      `Expected comment, check-state or check-reviewers; got ${String(command)}.\n\n${HELP}`,
    );
  if (!/^[\w-]+$/u.test(values.key ?? '')) {
    throw new UsageError(`--key: got ${JSON.stringify(values.key)}; expected letters, digits and hyphens.`);
  }
  const done = await comment({
    ...github(),
    pullRequest: integerOption(values['pull-request'] ?? '', {
      option: '--pull-request',
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
    }),
    key: values.key ?? '',
    body: readFileSync(file, 'utf8'),
  });
  console.log(`Comment ${done}.`);
  return 0;
};

const github = (): GitHub => ({
  api: process.env.GITHUB_API_URL ?? 'https://api.github.com',
  repository: variable('GITHUB_REPOSITORY'),
  token: variable('GITHUB_TOKEN'),
});

function variable(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new ToolError(`${name} is not set. GitHub Actions or the workflow must set it: see diff.yml.`);
}

function checkState(file: string): number {
  const { terraform } = JSON.parse(readFileSync(file, 'utf8')) as {
    terraform: { backend: Readonly<Record<string, unknown>> };
  };
  const [type] = Object.keys(terraform.backend);
  if (type !== 'local') return 0;
  throw new ToolError(
    "This environment keeps its state in a file (state.type is local). The file is lost with the runner, and every deployment would create everything again. Expected state: { type: 's3', … } in config/environments.ts (docs/ci.md).",
  );
}

if (require.main === module) void runTool(main);
