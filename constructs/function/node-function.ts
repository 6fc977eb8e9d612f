import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config';
import { Annotations, dependable, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { AnswerQueue } from './answer-queue';
import { asyncInvokeConfig, MAXIMUM_EVENT_AGE_SECONDS, type AsyncInvokeProps } from './async-invoke';
import type { EncryptionKey } from '../keys/encryption-key';
import type { FailureQueue } from '../failures/failure-queue';
import { functionCode, type FunctionCodeSource } from './function-code';
import { oversizedEnvironment, requireLimits } from './function-limits';
import type { Grantee } from '../base/grantee';
import { LiveAlias, type ReleaseProps } from './live-alias';
import { policyDocument, type PolicyStatement } from '../base/policy';
import type { Watch } from '../base/watch';
import { VpcAttachment, type VpcAttachmentProps } from './vpc-attachment';

/** Severities of log lines, least severe first. */
export type LogLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

export interface NodeFunctionProps {
  /** Name of the function and its role: up to 64 letters, digits, hyphens and underscores. */
  readonly functionName: string;
  /** What it is for, in a sentence; up to 256 characters. */
  readonly description: string;
  /** A zip with `index.js`, which exports `handler`, or a container image, which takes no layers and no signature. */
  readonly code: FunctionCodeSource;
  /** e.g. `nodejs24.x`; of an image its own. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html */
  readonly runtime: string;
  /** @default 'arm64' */
  readonly architecture?: 'arm64' | 'x86_64';
  /** In MB; also sets the share of CPU. 128–10,240. */
  readonly memorySizeMb: number;
  /** What `/tmp` holds, in MB. 512–10,240. @default 512 */
  readonly ephemeralStorageMb?: number;
  /** How long one event may take, in seconds. 1–900. */
  readonly timeoutSeconds: number;
  /** Variables of the environment; 4 KB in all. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** The least severe line that is written. @default 'INFO' */
  readonly logLevel?: LogLevel;
  /**
   * How Lambda writes its own lines. As text they have no levels, and the saved queries do not find them.
   * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
   * @default 'JSON'
   */
  readonly logFormat?: 'JSON' | 'Text';
  /** How long log lines are kept, in days; one of the periods CloudWatch Logs accepts. */
  readonly logRetentionDays: number;
  /**
   * Executions at a time, taken out of the account's pool. 0: it never runs.
   * https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
   * @default the account's shared pool
   */
  readonly reservedConcurrentExecutions?: number;
  /** The VPC it runs in; it then reaches nothing but what that VPC has a way to. @default Lambda's own network */
  readonly vpc?: VpcAttachmentProps;
  /** Traces it with X-Ray. @default false */
  readonly tracing?: boolean;
  /** Publishes a version with every deployment, and is called by its alias `live`. @default the code as it is */
  readonly release?: ReleaseProps;
  /** ARNs of layer versions, extensions among them; 5 at most. @default none */
  readonly layers?: readonly string[];
  /** Who must have signed the package. @default nobody */
  readonly codeSigningConfigArn?: string;
  /** Encrypts log lines and environment variables. @default AWS's own keys */
  readonly encryptionKey?: EncryptionKey;
}

const TRUST_LAMBDA = policyDocument([
  {
    sid: 'TrustLambda',
    principal: { Service: 'lambda.amazonaws.com' },
    actions: ['sts:AssumeRole'],
  },
]);

/**
 * X-Ray has no resources to name for these two, so IAM accepts nothing but `*` here.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
 */
const TRACE: PolicyStatement = {
  sid: 'Trace',
  actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  resources: ['*'],
};

/** A Node.js Lambda function with a role and a log group of its own, and no permission but to write that log. */
export class NodeFunction extends Construct implements Grantee {
  readonly function: LambdaFunction;
  readonly role: IamRole;
  readonly logGroup: CloudwatchLogGroup;
  readonly functionName: string;
  readonly timeoutSeconds: number;
  readonly memorySizeMb: number;
  /** What its unit watches, beside what holds for every function. */
  readonly ownWatches: Watch[] = [];
  /** Where it is in the VPC, if it runs in one. */
  readonly vpc: VpcAttachment | undefined;
  private readonly environment: Record<string, string>;
  /** The alias that it is called by, if its versions are released. */
  readonly live: LiveAlias | undefined;
  private readonly prerequisites: ITerraformDependable[] = [];
  /** Of the function, and of its alias. */
  private readonly eventInvokeConfigs: LambdaFunctionEventInvokeConfig[] = [];
  private destination: { readonly queue: FailureQueue; readonly maximumEventAgeSeconds: number } | undefined;
  private readonly toldName = new Set<Grantee>();

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    super(scope, id);
    requireLimits(props);
    const { functionName, reservedConcurrentExecutions, logLevel = 'INFO' } = props;
    const { encryptionKey, ephemeralStorageMb: size, layers = [], release } = props;
    this.functionName = functionName;
    this.timeoutSeconds = props.timeoutSeconds;
    this.memorySizeMb = props.memorySizeMb;
    this.environment = { ...props.environment, LOG_LEVEL: logLevel };
    this.node.addValidation({ validate: () => oversizedEnvironment(this, this.environment) });
    if (reservedConcurrentExecutions === 0) {
      Annotations.of(this).addWarning(
        `${functionName}: reservedConcurrentExecutions is 0, so it will never run; its asynchronous events go to the failure queue at once.`,
      );
    }

    this.logGroup = new CloudwatchLogGroup(this, 'logs', {
      name: `/aws/lambda/${functionName}`,
      retentionInDays: props.logRetentionDays,
      kmsKeyId: encryptionKey?.forNewData,
    });
    this.role = new IamRole(this, 'role', {
      name: functionName,
      description: `Execution role of the Lambda function ${functionName}`,
      assumeRolePolicy: TRUST_LAMBDA,
    });
    const writeLogs = this.allow('write-logs', [
      {
        sid: 'WriteLogs',
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [`${this.logGroup.arn}:*`],
      },
    ]);
    this.vpc = props.vpc && new VpcAttachment(this, 'vpc', { ...props.vpc, functionName });
    const attach = this.vpc ? [this.vpc.grantAttach(this)] : [];
    const trace = props.tracing === true ? [this.allow('trace', [TRACE])] : [];
    const useKey = encryptionKey ? [encryptionKey.grantUse(this)] : [];
    const code = functionCode(this, 'code', { source: props.code, runtime: props.runtime });
    this.function = new LambdaFunction(this, 'function', {
      functionName,
      description: props.description,
      role: this.role.arn,
      ...code,
      architectures: [props.architecture ?? 'arm64'],
      memorySize: props.memorySizeMb,
      timeout: props.timeoutSeconds,
      reservedConcurrentExecutions,
      environment: { variables: this.environment },
      vpcConfig: this.vpc?.config,
      ephemeralStorage: size === undefined ? undefined : { size },
      loggingConfig: { ...logging(props), logGroup: this.logGroup.name },
      tracingConfig: props.tracing === true ? { mode: 'Active' } : undefined,
      publish: release && true,
      layers: layers.length > 0 ? [...layers] : undefined,
      codeSigningConfigArn: props.codeSigningConfigArn,
      kmsKeyArn: encryptionKey?.forNewData,
      // Lambda checks that it may attach when the function is made.
      dependsOn: [writeLogs, ...attach, ...trace, ...useKey],
    });
    this.live = release && new LiveAlias(this, 'live', { ...release, function: this.function });
  }

  allow(id: string, statements: readonly PolicyStatement[]): ITerraformDependable {
    const policy = new IamRolePolicy(this, id, {
      name: id,
      role: this.role.name,
      policy: policyDocument(statements),
    });
    this.prerequisites.push(policy);
    return policy;
  }

  addEnvironment(name: string, value: string): void {
    if (name in this.environment) {
      throw new Error(
        `NodeFunction.addEnvironment: ${name} is set already; expected the name of another variable.`,
      );
    }
    this.environment[name] = value;
    this.function.putEnvironment({ variables: this.environment });
  }

  /**
   * Lets `grantee` invoke this function and tells it its name, in an environment variable named after this
   * construct's id, `invoked` -> `INVOKED_FUNCTION_NAME`, unless `variable` names another.
   */
  grantInvoke(grantee: Grantee, variable = this.nameVariable): void {
    // The unqualified ARN matches calls without a version or alias, and no others; the alias's those of the alias.
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
    grantee.allow(`invoke-${this.node.id}`, [
      { sid: 'Invoke', actions: ['lambda:InvokeFunction'], resources: [this.arn] },
    ]);
    this.tellName(grantee, variable);
    if (grantee instanceof NodeFunction) grantee.vpc?.requireLambdaEndpoint();
  }

  /**
   * Lets `grantee` see how many executions the function may have at a time (0 means that it is stopped), and tells it
   * the function's name as `grantInvoke` does.
   */
  grantReadConcurrency(grantee: Grantee, variable = this.nameVariable): void {
    this.tellName(grantee, variable);
    grantee.allow(`read-concurrency-${this.node.id}`, [
      { sid: 'ReadConcurrency', actions: ['lambda:GetFunctionConcurrency'], resources: [this.function.arn] },
    ]);
  }

  private get nameVariable(): string {
    return `${this.node.id.toUpperCase().replaceAll('-', '_')}_FUNCTION_NAME`;
  }

  private tellName(grantee: Grantee, variable: string): void {
    if (this.toldName.has(grantee)) return;
    this.toldName.add(grantee);
    // By reference, so that this function exists before the grantee.
    grantee.addEnvironment?.(variable, this.live?.qualifiedName ?? this.function.functionName);
  }

  /** Sends events that fail after their last attempt to `queue`, with the permission for it. */
  onFailure(queue: FailureQueue, props: AsyncInvokeProps = {}): void {
    const config = asyncInvokeConfig(props, {
      functionName: this.function.functionName,
      destinationConfig: { onFailure: { destination: queue.queue.arn } },
      dependsOn: [queue.grantSend(this)], // Lambda checks the permission when the destination is set
    });
    this.destination = {
      queue,
      maximumEventAgeSeconds: props.maximumEventAgeSeconds ?? MAXIMUM_EVENT_AGE_SECONDS,
    };
    // It belongs to what is invoked: the function's has no effect on the alias, and is there while events still come
    // to the function.
    this.eventInvokeConfigs.push(new LambdaFunctionEventInvokeConfig(this, 'async', config));
    if (this.qualifier !== undefined) {
      const ofAlias = { ...config, qualifier: this.qualifier };
      this.eventInvokeConfigs.push(new LambdaFunctionEventInvokeConfig(this, 'live-async', ofAlias));
    }
    this.prerequisites.push(...this.eventInvokeConfigs);
  }

  /**
   * Sends Lambda's record of each asynchronous event that succeeded to `answers`, with the permission for it.
   * @throws {Error} before `onFailure`: both are one configuration
   */
  onSuccess(answers: AnswerQueue): void {
    const failures = this.destination;
    if (!failures)
      throw new Error('NodeFunction.onSuccess: call onFailure first; both are one configuration.');
    const granted = answers.grantSend(this);
    for (const config of this.eventInvokeConfigs) {
      config.putDestinationConfig({
        onFailure: { destination: failures.queue.queue.arn },
        onSuccess: { destination: answers.queue.arn },
      });
      // Lambda checks the permission when the destination is set.
      config.dependsOn = [...(config.dependsOn ?? []), dependable(granted)];
    }
  }

  /** Has an alarm made of a metric that is this function's alone. */
  watch(watch: Watch): void {
    this.ownWatches.push(watch);
  }

  /** Where its failed events go; undefined until `onFailure`. */
  get failures(): FailureQueue | undefined {
    return this.destination?.queue;
  }

  /** How long Lambda keeps one of its asynchronous events, in seconds. */
  get maximumEventAgeSeconds(): number {
    return this.destination?.maximumEventAgeSeconds ?? MAXIMUM_EVENT_AGE_SECONDS;
  }

  /** What it is invoked by: its alias, or else itself. */
  get arn(): string {
    return this.live?.alias.arn ?? this.function.arn;
  }

  /** What API Gateway calls it by. */
  get invokeArn(): string {
    return this.live?.alias.invokeArn ?? this.function.invokeArn;
  }

  /** What permissions and configurations of its invocation name; undefined where it has no alias. */
  get qualifier(): string | undefined {
    return this.live?.alias.name;
  }

  /** What must exist before the first event arrives: every permission, and where failures go. */
  get dependencies(): readonly ITerraformDependable[] {
    return this.prerequisites;
  }
}

/** Lambda takes levels only for lines in JSON. */
const logging = ({ logFormat = 'JSON', logLevel = 'INFO' }: NodeFunctionProps) =>
  logFormat === 'Text'
    ? { logFormat }
    : {
        logFormat,
        // The function leaves out what is below its own level. Lambda's filter takes metrics for INFO lines
        // (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html): it must let those by.
        applicationLogLevel: logLevel === 'DEBUG' ? 'DEBUG' : 'INFO',
        systemLogLevel: 'INFO',
      };
