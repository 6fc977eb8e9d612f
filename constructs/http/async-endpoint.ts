import { ApiGatewayDeployment } from '@cdktf/provider-aws/lib/api-gateway-deployment';
import { ApiGatewayMethodSettings } from '@cdktf/provider-aws/lib/api-gateway-method-settings';
import type { ApiGatewayRestApi } from '@cdktf/provider-aws/lib/api-gateway-rest-api';
import { ApiGatewayStage } from '@cdktf/provider-aws/lib/api-gateway-stage';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { Annotations, TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { definitionHash } from './definition-hash';
import type { EncryptionKey } from '../keys/encryption-key';
import { JobsApi } from './jobs-api';
import type { NodeFunction } from '../function/node-function';
import { largestJson } from './largest-json';
import { ServiceRole } from '../base/service-role';
import { requireInteger } from '../base/validate';

export interface AsyncEndpointProps {
  /** Name of the API, its role and its log group: up to 64 letters, digits and hyphens. */
  readonly name: string;
  /** Whom the jobs are for; its own failure destination takes the asynchronous ones that fail. */
  readonly handler: NodeFunction;
  /** JSON schema of a job, draft 4; what does not fit it is answered with 400 and never reaches the function. */
  readonly requestSchema: object;
  /**
   * The largest event that may be accepted, in bytes: what is larger could not be kept if it failed. The schema must
   * set a limit to everything, for API Gateway itself takes 10 MB. @default the schema may fit any size
   */
  readonly maxEventBytes?: number;
  /**
   * Mapping template of the function's event: `$input.json('$')` is the body, `$context.requestId` the job's id.
   * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
   * @default the body as it is
   */
  readonly requestTemplate?: string;
  /** `iam`: requests are signed, and need execute-api:Invoke. `none`: anyone on the internet. @default 'iam' */
  readonly authorization?: 'iam' | 'none';
  /** What each path takes in the long run, in requests a second; more are answered with 429. 1–10,000. */
  readonly throttlingRateLimit: number;
  /** What each path takes at once, in requests. 1–5,000. */
  readonly throttlingBurstLimit: number;
  /** How long access logs are kept, in days; one of the periods CloudWatch Logs accepts. */
  readonly logRetentionDays: number;
  /** Traces its requests with X-Ray, billed by trace. @default false */
  readonly tracing?: boolean;
  /** Encrypts the access logs. @default CloudWatch's own key */
  readonly encryptionKey?: EncryptionKey;
}

/** A line a request. https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html */
const ACCESS_LOG_FORMAT = JSON.stringify({
  requestId: '$context.requestId',
  extendedRequestId: '$context.extendedRequestId',
  requestTime: '$context.requestTime',
  httpMethod: '$context.httpMethod',
  path: '$context.path',
  status: '$context.status',
  responseType: '$context.error.responseType',
  sourceIp: '$context.identity.sourceIp',
  userArn: '$context.identity.userArn',
  responseLatency: '$context.responseLatency',
  integrationStatus: '$context.integration.status',
  integrationLatency: '$context.integration.latency',
  xrayTraceId: '$context.xrayTraceId',
});

/**
 * A REST API for work that takes longer than anyone wants to wait: `POST /jobs` has Lambda queue the job and answers
 * 202 with its id; `POST /jobs/sync` waits for the answer, up to 29 s. An HTTP API could do the second only.
 *
 * Access logs need the account's own CloudWatch role for API Gateway, once an account and region: docs/http.md.
 */
export class AsyncEndpoint extends Construct {
  readonly api: ApiGatewayRestApi;
  readonly stage: ApiGatewayStage;

  constructor(scope: Construct, id: string, props: AsyncEndpointProps) {
    super(scope, id);
    validate(props);
    const { name, handler, authorization = 'iam', requestTemplate = "$input.json('$')" } = props;
    if (authorization === 'none') {
      Annotations.of(this).addWarning(
        `${name}: authorization is none, so anyone on the internet can start ${handler.node.id} and run up its bill.`,
      );
    }

    const role = new ServiceRole(this, 'role', {
      roleName: name,
      description: `API Gateway's role to invoke ${handler.node.id}`,
      service: 'apigateway.amazonaws.com',
    });
    handler.grantInvoke(role);
    const definition = new JobsApi(this, 'definition', {
      name,
      description: `Jobs for ${handler.node.id}`,
      invokeArn: handler.invokeArn,
      roleArn: role.role.arn,
      authorization: authorization === 'iam' ? 'AWS_IAM' : 'NONE',
      requestSchema: props.requestSchema,
      requestTemplate,
    });
    this.api = definition.api;
    const deployment = new ApiGatewayDeployment(this, 'deployment', {
      restApiId: this.api.id,
      triggers: { definition: definitionHash(definition) },
      // The first job may come at once.
      dependsOn: [...resourcesOf(definition), ...resourcesOf(role), ...handler.dependencies],
      // The stage needs one at all times.
      lifecycle: { createBeforeDestroy: true },
    });
    this.stage = this.publish(deployment, props);
  }

  private publish(deployment: ApiGatewayDeployment, props: AsyncEndpointProps): ApiGatewayStage {
    const logs = new CloudwatchLogGroup(this, 'logs', {
      name: `/aws/apigateway/${props.name}`,
      retentionInDays: props.logRetentionDays,
      kmsKeyId: props.encryptionKey?.forNewData,
    });
    const stage = new ApiGatewayStage(this, 'stage', {
      restApiId: this.api.id,
      stageName: 'live',
      deploymentId: deployment.id,
      accessLogSettings: { destinationArn: logs.arn, format: ACCESS_LOG_FORMAT },
      xrayTracingEnabled: props.tracing ?? false,
    });
    new ApiGatewayMethodSettings(this, 'settings', {
      restApiId: this.api.id,
      stageName: stage.stageName,
      methodPath: '*/*',
      settings: {
        metricsEnabled: true,
        throttlingRateLimit: props.throttlingRateLimit,
        throttlingBurstLimit: props.throttlingBurstLimit,
      },
    });
    return stage;
  }
}

const resourcesOf = (construct: Construct): TerraformResource[] =>
  construct.node.findAll().filter((element) => TerraformResource.isTerraformResource(element));

/** What a mapping template adds to the body, with the job's id in its place. */
function addedBy(requestTemplate: string): number {
  const id = 'x'.repeat(36);
  return Buffer.byteLength(
    requestTemplate.replaceAll('$context.requestId', id).replace("$input.json('$')", ''),
  );
}

/** Refuses a schema that lets in what could not be kept. */
function requireKept({ maxEventBytes, requestSchema, requestTemplate = '' }: AsyncEndpointProps): void {
  if (maxEventBytes === undefined) return;
  const largest = largestJson(requestSchema) + addedBy(requestTemplate);
  if (largest <= maxEventBytes) return;
  throw new Error(
    `AsyncEndpoint.requestSchema: a job that fits it may take ${largest} bytes with its envelope; expected ${maxEventBytes} at most, so that the failure record of every job that is accepted fits into the failure queue. Lower maxLength and maxItems (a character counts as six bytes).`,
  );
}

function validate(props: AsyncEndpointProps): void {
  requireKept(props);
  requireInteger(props.throttlingRateLimit, {
    property: 'AsyncEndpoint.throttlingRateLimit',
    minimum: 1,
    maximum: 10_000,
  });
  requireInteger(props.throttlingBurstLimit, {
    property: 'AsyncEndpoint.throttlingBurstLimit',
    minimum: 1,
    maximum: 5_000,
  });
}
