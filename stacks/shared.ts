import { existsSync } from 'node:fs';
import { TerraformOutput, type TerraformStack } from 'cdktf';
import { metricsNamespace } from '../config/names';
import type { Settings } from '../config/settings';
import type { AlarmMetric } from '../constructs/base/watch';
import { FailureQueue } from '../constructs/failures/failure-queue';
import {
  isCustomRuntime,
  type ContainerImage,
  type FunctionCodeSource,
} from '../constructs/function/function-code';
import { NodeFunction, type NodeFunctionProps } from '../constructs/function/node-function';
import type { AsyncInvokeProps } from '../constructs/function/async-invoke';
import { CodeSigning } from '../constructs/keys/code-signing';
import { EncryptionKey } from '../constructs/keys/encryption-key';
import { VpcEndpoints } from '../constructs/network/vpc-endpoints';

/** What the units of the stack have in common. */
export interface Shared {
  readonly settings: Settings;
  /** The build's output, relative to the project's folder. */
  readonly dist: string;
  /** Takes every event that fails after its last attempt. */
  readonly failures: FailureQueue;
  /** The key of the account's own, where the settings ask for one. */
  readonly encryptionKey: EncryptionKey | undefined;
  /** The ways out of the VPC, where the functions run in one. */
  readonly network: VpcEndpoints | undefined;
  /** Where the functions publish their metrics. */
  readonly metricsNamespace: string;
  /** What every function has. */
  readonly functionDefaults: Pick<
    NodeFunctionProps,
    | 'architecture'
    | 'codeSigningConfigArn'
    | 'encryptionKey'
    | 'layers'
    | 'logRetentionDays'
    | 'runtime'
    | 'tracing'
  >;
}

/** Adds what the units have in common. */
export function addShared(stack: TerraformStack, settings: Settings, dist: string): Shared {
  const { namePrefix, vpc } = settings;
  const { codeSigning, ...functions } = settings.functions;
  const { customerManagedKey, keyDeletionWindowDays } = settings.encryption;
  const encryptionKey =
    customerManagedKey !== false
      ? new EncryptionKey(stack, 'key', {
          namePrefix,
          deletionWindowDays: keyDeletionWindowDays,
          tables: settings.jobs.idempotency.enabled,
          retiring: customerManagedKey === 'retiring',
        })
      : undefined;
  const failures = new FailureQueue(stack, 'failures', {
    queueName: `${namePrefix}-failures`,
    retentionDays: settings.failureRetentionDays,
    encryptionKey,
  });
  addOutput(
    stack,
    'failure_queue_url',
    failures.queue.url,
    'Records of events that failed after the last attempt',
  );
  return {
    settings,
    dist,
    failures,
    encryptionKey,
    network:
      vpc && new VpcEndpoints(stack, 'private', { ...vpc, existing: vpc.existingEndpoints, namePrefix }),
    metricsNamespace: metricsNamespace(namePrefix),
    functionDefaults: {
      ...functions,
      codeSigningConfigArn: codeSigning && new CodeSigning(stack, 'code-signing', codeSigning).arn,
      encryptionKey,
    },
  };
}

/**
 * A function of this application: what a unit decides about it.
 * @typeParam Variables what the handler reads, from its `environment.ts`
 * @typeParam Granted those of them that a grant sets, such as `grantInvoke`
 */
export interface UnitFunctionProps<Variables, Granted extends keyof Variables>
  extends
    AsyncInvokeProps,
    Pick<
      NodeFunctionProps,
      | 'architecture'
      | 'description'
      | 'ephemeralStorageMb'
      | 'layers'
      | 'logFormat'
      | 'logLevel'
      | 'memorySizeMb'
      | 'reservedConcurrentExecutions'
      | 'timeoutSeconds'
      | 'tracing'
      | 'vpc'
    > {
  readonly environment: Omit<Variables, Granted | 'LOG_LEVEL'> & Readonly<Record<string, string>>;
  /** The folder below `handlers/`. @default the function's name */
  readonly handler?: string;
  /** A container image instead of the package that the build makes. @default the package */
  readonly image?: ContainerImage | undefined;
  /** How its versions are released. @default the code as it is */
  readonly release?: Settings['processUpload']['release'];
}

/**
 * Adds a function to the stack, whose failed events go to the failure queue.
 * @param name its construct id, and the end of its name on AWS
 */
export function addFunction<Variables, Granted extends keyof Variables = never>(
  stack: TerraformStack,
  shared: Shared,
  name: string,
  { handler = name, image, release, ...props }: UnitFunctionProps<Variables, Granted>,
): NodeFunction {
  const { alias = false, ...releaseProps } = release ?? {};
  const made = new NodeFunction(stack, name, {
    ...shared.functionDefaults,
    ...props,
    functionName: `${shared.settings.namePrefix}-${name}`,
    code: image ? { packaging: 'image', ...image } : handlerCode(shared, handler),
    release: alias ? releaseProps : undefined,
  });
  made.onFailure(shared.failures, props);
  if (props.vpc && shared.settings.vpc?.logsEndpoint === true) shared.network?.allowLogs(made);
  return made;
}

/** Where the build leaves a handler, for each packaging. */
function handlerCode({ settings, dist }: Shared, handler: string): FunctionCodeSource {
  const { packaging, functions } = settings;
  const directory = `${dist}/handlers/${handler}`;
  if (isCustomRuntime(functions.runtime) && !existsSync(`${directory}/bootstrap`)) {
    throw new Error(
      `functions.runtime: got ${JSON.stringify(functions.runtime)}, and the packages hold no runtime; expected an executable file "bootstrap" in the project's folder, which the build puts into every package: docs/releases.md#a-runtime-of-your-own.`,
    );
  }
  return packaging === 'archive'
    ? { packaging, directory }
    : { packaging, zip: `${dist}/packages/${handler}.zip` };
}

/**
 * A metric that a handler publishes itself, for an alarm: `handler.watch({ metric: ownMetric(…), … })`.
 * @param service the service name that the handler publishes under
 */
export const ownMetric = (
  { metricsNamespace: namespace }: Shared,
  service: string,
  metricName: string,
  { statistic = 'Maximum', period = 300 }: { statistic?: string; period?: number } = {},
): AlarmMetric => ({ namespace, metricName, dimensions: { service }, statistic, period });

/** Adds what people and tools need to know of the deployed stack. The names are a contract: tools read them. */
export function addOutput(stack: TerraformStack, name: string, value: string, description: string): void {
  new TerraformOutput(stack, name, { value, description });
}
