import path from 'node:path';
import { askOnTerminal, type Ask } from './ask';
import { chooseEnvironment, type Chosen } from './choose-environment';
import type { Environment } from './environment';
import { ToolError } from './errors';
import { identify, type Identity } from './identity';
import { protect } from './protect';
import { readStateOutputs, type Outputs, type StateProps } from './state';
import { targetOf, type Target } from './target';
import type { Output } from './terminal';

const ROOT = path.resolve(__dirname, '..', '..');

/** What `openPipeline` and `openEnvironment` need from outside. */
export interface Ports {
  readonly env: Environment;
  readonly output: Output;
  readonly readOutputs: (props: StateProps) => Promise<Outputs | undefined>;
  readonly identify: (region: string) => Promise<Identity | undefined>;
  /** Undefined without a terminal. */
  readonly ask: Ask | undefined;
}

/** What a command is about to change, for a protected environment. */
export interface Change {
  /** After "This": `sends failed events back`. */
  readonly does: string;
  /** `--yes` was given. */
  readonly yes: boolean;
}

/** An environment, and who works on it. */
export interface OpenEnvironment extends Chosen {
  /** Undefined on an engine, and where nobody asked. */
  readonly identity: Identity | undefined;
  /** Lets a change pass, after a question where the environment is protected. */
  readonly allow: (change: Change) => Promise<void>;
}

/** The deployed pipeline of an environment. */
export interface Pipeline extends OpenEnvironment {
  readonly target: Target;
}

const defaultPorts = (): Ports => ({
  env: process.env,
  output: process.stderr,
  readOutputs: readStateOutputs,
  identify,
  ask: askOnTerminal(),
});

/**
 * Opens the deployed pipeline of an environment, and says on standard error what the command is about: environment,
 * account or engine, region, bucket.
 * @param option the value of `--env`
 * @throws {ToolError} where nothing is deployed, or the credentials are of another account
 */
export async function openPipeline(
  option: string | undefined,
  ports: Partial<Ports> = {},
): Promise<Pipeline> {
  const all = { ...defaultPorts(), ...ports };
  const chosen = await chooseEnvironment(option, all.env);
  const target = targetOf(chosen, await outputsOf(chosen, all));
  return { ...(await open(chosen, target, all)), target };
}

/** The same for a command that needs no deployment. */
export async function openEnvironment(
  option: string | undefined,
  ports: Partial<Ports> = {},
): Promise<OpenEnvironment> {
  const all = { ...defaultPorts(), ...ports };
  const chosen = await chooseEnvironment(option, all.env);
  const outputs = await outputsOf(chosen, all).catch(() => undefined);
  return open(chosen, { uploadBucket: outputs?.upload_bucket, failureQueueUrl: undefined }, all);
}

const outputsOf = ({ settings: { state } }: Chosen, { readOutputs }: Ports) =>
  readOutputs({ root: ROOT, state });

async function open(
  chosen: Chosen,
  deployed: { readonly uploadBucket: string | undefined; readonly failureQueueUrl: string | undefined },
  { env, output, identify: whoAsks, ask }: Ports,
): Promise<OpenEnvironment> {
  const { name, settings } = chosen;
  const endpoint = settings.awsProvider.localEndpoint ?? env.AWS_ENDPOINT_URL;
  const identity = endpoint === undefined ? await whoAsks(settings.region) : undefined;
  const where = endpoint === undefined ? `account ${identity?.account ?? 'unknown'}` : `engine ${endpoint}`;
  const bucket =
    deployed.uploadBucket ?? settings.bucket.existing?.name ?? settings.bucket.name ?? 'not deployed yet';
  output.write(`${name}: ${where}, ${settings.region}, bucket ${bucket}\n`);
  const [, account] = /^https:\/\/sqs\.[^/]+\/(\d{12})\//u.exec(deployed.failureQueueUrl ?? '') ?? [];
  if (identity !== undefined && account !== undefined && account !== identity.account) {
    throw new ToolError(
      `${name} is deployed in account ${account}; the credentials are of account ${identity.account} (${identity.arn}). ` +
        'Nothing was changed. Use credentials of that account (AWS_PROFILE).',
    );
  }
  const allow = ({ does, yes }: Change) => protect({ name, settings, yes, does, ask });
  return { ...chosen, identity, allow };
}
