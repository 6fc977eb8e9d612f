import path from 'node:path';
import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  type LambdaClient,
} from '@aws-sdk/client-lambda';
import { GetBucketVersioningCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { Settings } from '../../config/settings';
import { checkAccount, checkRegion, withProvisioned, type Account } from './doctor/account';
import { checkState, type StateBucket } from './doctor/backend';
import { applyToBucket } from './doctor/bucket/apply';
import { checkBucket } from './doctor/bucket/checks';
import { bucketCalls } from './doctor/bucket/facts';
import { wantedOf } from './doctor/bucket/wanted';
import { checkGithub, readIds } from './doctor/github';
import { askAws } from './doctor/aws-cli';
import { checkPrerequisites } from './doctor/prerequisites';
import { checkNode, checkProvider, checkProviderSource, checkTerraform } from './doctor/machine';
import { exitCode, report } from './doctor/report';
import { handlerNames } from '../build/bundle.mjs';
import { reservationsOf, synthesize } from '../build/synthesize';
import { askOnTerminal } from '../lib/ask';
import { ENVIRONMENT_OPTION } from '../lib/choose-environment';
import { clientConfig } from '../lib/clients';
import { parseOptions, runTool } from '../lib/command';
import { identify } from '../lib/identity';
import { lambdaClientFor } from '../lib/lambda';
import { openEnvironment } from '../lib/pipeline';
import { capture } from '../lib/processes';
import { Progress } from '../lib/progress';
import { YES_OPTION } from '../lib/protect';
import { coloursFor } from '../lib/terminal';
import { withoutMissingConfiguration } from '../lib/terraform';
import { localPaths } from '../machine/paths';
import { findProviderSource } from '../machine/providers';
import { ensureTerraform, type Terraform } from '../machine/terraform';

const HELP = `Usage: npm run doctor [-- OPTIONS]

Looks whether a deploy can succeed, and changes nothing: Node.js, Terraform and provider versions, credentials, region,
the state's bucket, the bucket of bucket.existing, the repository on GitHub, whether the reserved and provisioned
concurrency fits into the account; and, by the AWS CLI, what the settings need and no deployment makes: API Gateway's
role for logs, GitHub's login, endpoints and DNS of the VPC, confirmed e-mail addresses.
On this machine: npm run local -- npm run doctor

Options:
  --env NAME       the environment; PIPELINE_ENV, or else dev, unless given
  --apply-bucket   add to the bucket of bucket.existing what it lacks and keep the rest: shows the difference and asks,
                   then looks. S3 has no condition for this write: do it while nobody else changes the bucket. The answer
                   is yes, or the name of an environment that is protected.
  --yes            do not ask
  --json           the checks as JSON
  --help           show this

Exit codes: 0 nothing in the way; 1 a failure, or the answer was no; 2 wrong command line, which includes --apply-bucket
without --yes where there is no terminal to ask on`;

const root = path.resolve(__dirname, '..', '..');

export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseOptions({
    args: [...args],
    options: {
      ...ENVIRONMENT_OPTION,
      ...YES_OPTION,
      'apply-bucket': { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  // Without credentials this has something to tell, too.
  const { name, settings, identity } = await openEnvironment(values.env, {
    identify: (region) => identify(region).catch(() => undefined),
  });
  if (values['apply-bucket'] === true) {
    const done = await applyToBucket({
      wanted: wantedOf(settings),
      calls: (wanted) => bucketCalls(s3Of(settings), wanted.name),
      yes: values.yes,
      ask: askOnTerminal(),
      answer: settings.protected ? name : 'yes',
      // The standard output is for the checks.
      print: (line) => process.stderr.write(`${line}\n`),
    });
    if (!done) return 1;
  }
  const progress = new Progress(process.stderr);
  const look = () => lookAround(settings, progress, identity?.account);
  const checks = values.json === true ? await look() : await progress.step('Looking around', look);
  console.log(values.json === true ? JSON.stringify(checks) : report(checks, coloursFor(process.stdout)));
  return exitCode(checks);
}

async function lookAround(settings: Settings, progress: Progress, accountId: string | undefined) {
  const { functions, awsProvider, state, github } = settings;
  const wanted = wantedOf(settings);
  const [{ terraform }, account, backend, bucket] = await Promise.all([
    ensureTerraform({ root, env: process.env, progress }),
    checkAccount(settings, await wantedReservations(settings), accountOf(lambdaClientFor(settings))),
    checkState(state, stateBucketOf(settings)),
    wanted ? checkBucket(wanted, bucketCalls(s3Of(settings), wanted.name), accountId) : [],
  ]);
  return [
    checkNode(process.versions.node, functions.runtime),
    checkTerraform(terraform?.version, settings),
    checkProvider(awsProvider.version, functions.runtime),
    ...(terraform ? [await checkProviderSource(() => providerSource(terraform))] : []),
    checkRegion(settings, process.env),
    ...account,
    backend,
    ...bucket,
    ...(github ? [await checkGithub(github, askGithub)] : []),
    ...(await checkPrerequisites(settings, accountId, askAws(settings.region, process.env))),
  ];
}

/** By GitHub's own command, which knows proxies and credentials; undefined without it, or without access. */
async function askGithub(repository: string) {
  const answer = await capture('gh', ['api', `repos/${repository}`], process.env);
  return answer?.code === 0 ? readIds(answer.stdout) : undefined;
}

/** From the synthesized stack: every function is in it, whichever unit declares it. */
const wantedReservations = async (settings: Settings) =>
  withProvisioned(settings, reservationsOf(synthesize(settings, await handlerNames(root))));

const providerSource = ({ platform, registry }: Terraform) =>
  findProviderSource({
    paths: localPaths(root),
    env: withoutMissingConfiguration(process.env),
    platform,
    registry,
  });

function accountOf(client: LambdaClient): Account {
  return {
    concurrency: async () => {
      const { AccountLimit = {} } = await client.send(new GetAccountSettingsCommand({}));
      const { ConcurrentExecutions: limit = 0, UnreservedConcurrentExecutions: unreserved = limit } =
        AccountLimit;
      return { limit, unreserved };
    },
    reservedBy: async (FunctionName) => {
      try {
        const output = await client.send(new GetFunctionConcurrencyCommand({ FunctionName }));
        return output.ReservedConcurrentExecutions ?? 0;
      } catch (error) {
        if (error instanceof Error && error.name === 'ResourceNotFoundException') return 0; // not deployed yet
        throw error;
      }
    },
  };
}

/** In the stack's region, where the bucket has to be. */
const s3Of = ({ region, awsProvider: { localEndpoint: endpoint } }: Settings): S3Client =>
  new S3Client({
    ...clientConfig({ region }),
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
  });

function stateBucketOf({ state }: Settings): StateBucket {
  const Bucket = state.type === 's3' ? state.bucket : '';
  const client = new S3Client({ region: state.type === 's3' ? state.region : 'us-east-1' });
  return {
    head: () => client.send(new HeadBucketCommand({ Bucket })),
    versioning: async () => (await client.send(new GetBucketVersioningCommand({ Bucket }))).Status,
  };
}

if (require.main === module) void runTool(main);
