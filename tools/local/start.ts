import path from 'node:path';
import { loadSettings } from '../../config/environments';
import { beginTypeCheck } from '../build/typecheck';
import { messageOf, ToolError } from '../lib/errors';
import { denialsIn, explainDenial, type Denial } from '../lib/denial';
import { Progress } from '../lib/progress';
import { withoutMissingConfiguration } from '../lib/terraform';
import { coloursFor, type Output } from '../lib/terminal';
import { Claim } from './claim';
import type { Engine } from './client';
import {
  endEngine,
  engineLogEnd,
  engineLogSince,
  engineLogSize,
  isReachable,
  isRunning,
  startEngine,
} from './engine';
import { commandEnvironment, isEnforced, ownEndpoint } from './environment';
import type { Environment } from '../lib/environment';
import { logEnd, summaryText } from './messages';
import { localPaths, type LocalPaths } from '../machine/paths';
import { describeMachine, lookAtMachine } from '../machine/machine';
import { expectFreePort } from './port';
import { describeDeployed, quickDeploy } from './quick-deploy';
import { forgetRecord, readRecord, writeRecord, type EngineRecord } from './record';
import { holdsBucket, uploadRuleOf, uploadSample, type Sample } from './sample';
import { forgetState, hasState, readOutputs, type Outputs } from './state';
import { ensureVenv } from './venv';

export interface StartProps {
  /** The project's folder. */
  readonly root: string;
  readonly env: Environment;
  readonly output: Output;
  /** Asks Terraform about every resource, also where nothing has changed. @default false */
  readonly full?: boolean;
  /** Ends the start and its processes. */
  readonly signal?: AbortSignal;
  /** @default runs the compiler */
  readonly checkTypes?: typeof beginTypeCheck;
}

export interface Started extends Engine {
  readonly outputs: Outputs;
  readonly sample: Sample;
}

/**
 * `npm start`: starts the engine, deploys, uploads a sample; if the engine runs already, updates in place. After a
 * failure or an interrupt, it ends and forgets an engine that it started. An engine that ran before keeps running,
 * because it holds the user's uploads. Processes of a killed start are ended first.
 * @throws {ToolError} at once if another start runs in this folder
 */
export async function start(props: StartProps): Promise<Started> {
  const claim = await Claim.take(localPaths(props.root));
  try {
    return await startWith(claim, props);
  } finally {
    await claim.release();
  }
}

async function startWith(claim: Claim, props: StartProps): Promise<Started> {
  const { root, env: shell, output, full, signal, checkTypes = beginTypeCheck } = props;
  const paths = localPaths(root);
  const progress = new Progress(output);
  const onSpawn = (worker: number): void => {
    claim.note({ worker });
  };
  if (claim.killed?.first) {
    await forgetAll(paths);
    progress.say('The last start was killed before its first deployment was complete: starting afresh.');
  }
  const env = withoutMissingConfiguration(shell);
  const enforced = isEnforced(env);
  const own = await chooseOwnEngine(paths, env);
  const typesFit = checkTypes(root);
  const machine = await progress.step(
    'Looking at this machine',
    (note) =>
      lookAtMachine({ root, env, withPython: own === undefined, pinProvider: true, signal, progress, note }),
    (found) => `Found ${describeMachine(found)}`,
  );
  const before = await readRecord(paths);
  const running = own ?? (before && (await isRunning(paths, before)) ? before : undefined);
  if (running) await progress.step('Checking the types', typesFit);
  const engine = running ?? (await begin());
  try {
    if (running) await forgetWhatIsGone(running, before);
    await writeRecord(paths, { ...engine, terraform: machine.environment });
    const commandEnv = commandEnvironment(env, {
      paths,
      endpoint: engine.endpoint,
      certificate: engine.certificate,
      terraform: machine.environment,
    });
    await progress.step(
      'Deploying with Terraform',
      (note) => quickDeploy({ paths, env: commandEnv, engine, full, signal, note, onSpawn }),
      describeDeployed,
    );
    claim.note({ first: false });
  } catch (error) {
    throw await failed(error);
  }

  const outputs = await readOutputs(paths);
  if (!outputs) throw await failed(new ToolError('The deployment left no outputs in Terraform’s state.'));
  const rule = uploadRuleOf(loadSettings({ PIPELINE_ENV: 'local', AWS_ENDPOINT_URL: engine.endpoint }));
  const logged = await engineLogSize(paths);
  const sample = await progress
    .step(
      'Uploading a sample',
      () =>
        uploadSample({ engine, outputs, rule, signal, isRefused: async () => (await refusals()).length > 0 }),
      ({ processedKey }) => `Uploaded a sample, which moved to ${processedKey}`,
    )
    .catch(async (error: unknown) => {
      throw await notMoved(error);
    });
  output.write(
    summaryText(
      { paths, endpoint: engine.endpoint, own: own !== undefined, outputs, sample, rule },
      coloursFor(output),
    ),
  );
  return { endpoint: engine.endpoint, certificate: engine.certificate, outputs, sample };

  /** Starts the project's engine, which begins empty: the data of an earlier one is lost. */
  async function begin(): Promise<EngineRecord> {
    if (hasState(paths)) {
      await forgetState(paths);
      progress.say('The last engine has ended and its data is lost: starting afresh.');
    }
    if (before) await endEngine(paths, before); // alive, but it no longer answers
    claim.note({ first: true });
    await expectFreePort(env);
    await progress.step(
      'Installing the local engine',
      () => ensureVenv({ paths, env, pythonVersion: machine.pythonVersion ?? '', signal, onSpawn }),
      (installed) => (installed ? 'Installed the local engine' : 'The local engine is installed'),
    );
    await progress.step('Checking the types', typesFit);
    try {
      return await progress.step(
        'Starting the local engine',
        () => startEngine({ paths, env, signal, onSpawn: (record) => writeRecord(paths, record) }),
        ({ endpoint }) => `Started the local engine at ${endpoint}`,
      );
    } catch (error) {
      await forgetAll(paths);
      throw error;
    }
  }

  /** A running engine may lack the resources in the state, if it is the user's own or another one. */
  async function forgetWhatIsGone(now: EngineRecord, last: EngineRecord | undefined): Promise<void> {
    const { endpoint, pid } = now;
    progress.say(`Using ${pid === undefined ? 'your own' : 'the running'} engine at ${endpoint}.`);
    if (pid !== undefined && enforced !== (now.certificate !== undefined))
      progress.say('PIPELINE_LOCAL_TLS takes effect with the next engine: `npm stop` ends this one.');
    if (!hasState(paths)) return;
    const known = await readOutputs(paths);
    const same = last?.endpoint === endpoint;
    if (same && (!known || (await holdsBucket(now, known.upload_bucket)))) return;
    await forgetState(paths);
    progress.say('It does not have the last deployment: starting afresh.');
  }

  /** Ends everything that this start began, and reports the rest. */
  async function failed(error: unknown): Promise<unknown> {
    if (running) {
      const still =
        'The engine runs on as before; `npm stop` ends it, and the next `npm start` begins afresh.';
      return signal?.aborted ? error : new ToolError(`${messageOf(error)}\n\n${still}`, { cause: error });
    }
    const engineEnd = await engineLogEnd(paths);
    await forgetAll(paths);
    if (signal?.aborted) return error;
    return new ToolError(
      `${messageOf(error)}${logEnd('The end of the engine’s log:', engineEnd)}\n\nNothing is left running.`,
      { cause: error },
    );
  }

  /** What IAM has refused since the sample was uploaded. */
  async function refusals(): Promise<readonly Denial[]> {
    return own ? [] : denialsIn(await engineLogSince(paths, logged));
  }

  /** The deployment succeeded, so the engine stays for inspection: the next `npm start` updates in place. */
  async function notMoved(error: unknown): Promise<unknown> {
    if (signal?.aborted) return failed(error);
    const engineEnd = own ? '' : await engineLogEnd(paths);
    const prefix = outputs?.process_upload_function.replace(/-process-upload(:.*)?$/u, '') ?? '';
    const denied = (await refusals()).map((denial) => explainDenial(denial, prefix)).join('\n');
    return new ToolError(
      `${messageOf(error)}${logEnd('IAM refused it, as AWS would:', denied)}` +
        `${logEnd('The end of the engine’s log, with the handler’s own lines:', engineEnd)}\n\n` +
        'What was deployed stands and the engine runs on, so that you can look: change the step or the settings and `npm start`\n' +
        `again, or \`npm stop\`.${own ? '' : ` All of the log: ${path.relative(root, paths.engineLog)}.`}`,
      { cause: error },
    );
  }
}

/** Ends the project's engine, and forgets it with what was deployed to it. */
async function forgetAll(paths: LocalPaths): Promise<void> {
  const record = await readRecord(paths);
  if (record) await endEngine(paths, record);
  await forgetState(paths);
  await forgetRecord(paths);
}

/** The user's own engine, if AWS_ENDPOINT_URL names one other than the project's. */
async function chooseOwnEngine(paths: LocalPaths, env: Environment): Promise<EngineRecord | undefined> {
  const endpoint = ownEndpoint(env);
  if (endpoint === undefined) return undefined;
  const record = await readRecord(paths);
  const ours = record && (await isRunning(paths, record)) ? record : undefined;
  if (ours && sameOrigin(ours.endpoint, endpoint)) return undefined;
  if (ours) {
    throw new ToolError(
      `AWS_ENDPOINT_URL is ${endpoint}, but the project’s own engine runs at ${ours.endpoint}.\n` +
        'End that one first with `npm stop`, or `unset AWS_ENDPOINT_URL` to use it.',
    );
  }
  const certificate = env.AWS_CA_BUNDLE ? path.resolve(env.AWS_CA_BUNDLE) : undefined;
  const engine = { endpoint, certificate, startedAt: new Date().toISOString() };
  if (await isReachable(engine)) return engine;
  throw new ToolError(
    `AWS_ENDPOINT_URL is ${endpoint}, but nothing answers there.\n` +
      (endpoint.startsWith('https:')
        ? 'Where its certificate is one of your own, AWS_CA_BUNDLE must name the file.\n'
        : '') +
      'Start your engine first, or `unset AWS_ENDPOINT_URL` to use the project’s own. Nothing was started.',
  );
}

const sameOrigin = (left: string, right: string): boolean => new URL(left).origin === new URL(right).origin;
