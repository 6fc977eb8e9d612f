import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { Construct } from 'constructs';
import { DeploymentTarget } from '../base/deployment-target';
import type { NodeFunction } from '../function/node-function';
import { policyDocument, type PolicyStatement } from '../base/policy';
import type { IdempotencyTable } from '../sources/idempotency-table';
import type { UploadBucket } from '../uploads/upload-bucket';
import type { VpcAttachment } from '../function/vpc-attachment';

/** Services that are reached through an interface endpoint. */
type Service = 'lambda' | 'logs';

export interface VpcEndpointsProps {
  /** Start of the names; up to 200 characters. */
  readonly namePrefix: string;
  readonly vpcId: string;
  /** Where the interface endpoints are: the functions' subnets. */
  readonly subnetIds: readonly string[];
  /** Route tables of those subnets: they lead to the endpoints of S3 and DynamoDB. */
  readonly routeTableIds: readonly string[];
}

/**
 * The ways out of a VPC that has no others: to Lambda, for the calls that are allowed here and no others, to S3 for one
 * bucket and no others, and to DynamoDB for one table. https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-endpoints.html
 */
export class VpcEndpoints extends Construct {
  private readonly securityGroup: SecurityGroup;
  private readonly endpoints: Partial<Record<Service, VpcEndpoint>> = {};
  private readonly allowed: Record<Service, PolicyStatement[]> = { lambda: [], logs: [] };
  private readonly connected = new Set<NodeFunction>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: VpcEndpointsProps,
  ) {
    super(scope, id);
    this.securityGroup = new SecurityGroup(this, 'security-group', {
      name: `${props.namePrefix}-endpoints`,
      description: 'The interface endpoints, reached from the functions only',
      vpcId: props.vpcId,
    });
  }

  /** Gives `caller` a way to Lambda's API, which lets it invoke `callee` and do nothing else. */
  allowInvoke(caller: NodeFunction, callee: NodeFunction): void {
    this.allow('lambda', caller, {
      sid: 'Invoke',
      actions: ['lambda:InvokeFunction'],
      resources: [callee.arn],
    });
    attachmentOf(caller).hasLambdaEndpoint();
  }

  /** Gives `handler` a way to CloudWatch Logs, for code that calls its API; Lambda's own log lines need none. */
  allowLogs(handler: NodeFunction): void {
    this.allow('logs', handler, {
      sid: 'WriteLogs',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [`${handler.logGroup.arn}:*`],
    });
  }

  /** Gives `mover` a way to S3 that leads to `bucket` and to no other. */
  allowMove(mover: NodeFunction, bucket: UploadBucket): void {
    const prefixListId = this.gatewayEndpoint('s3', mover, bucket.moveStatements());
    attachmentOf(mover).allowHttps('to-s3', { description: 'To S3', prefixListId });
  }

  /** Gives `worker` a way to DynamoDB that leads to `table` and to no other. */
  allowTable(worker: NodeFunction, table: IdempotencyTable): void {
    const prefixListId = this.gatewayEndpoint('dynamodb', worker, table.useStatements());
    attachmentOf(worker).allowHttps('to-dynamodb', { description: 'To DynamoDB', prefixListId });
  }

  /** A way for one function, free of charge; its prefix list. */
  private gatewayEndpoint(
    service: 's3' | 'dynamodb',
    from: NodeFunction,
    statements: readonly PolicyStatement[],
  ): string {
    const { prefixListId } = new VpcEndpoint(this, service, {
      vpcId: this.props.vpcId,
      serviceName: this.serviceName(service),
      vpcEndpointType: 'Gateway',
      routeTableIds: [...this.props.routeTableIds],
      policy: policyDocument(statements.map((statement) => only(from, statement))),
    });
    return prefixListId;
  }

  private allow(service: Service, from: NodeFunction, statement: PolicyStatement): void {
    const statements = this.allowed[service];
    statements.push(only(from, { ...statement, sid: `${statement.sid}${statements.length + 1}` }));
    const endpoint = (this.endpoints[service] ??= this.interfaceEndpoint(service));
    endpoint.policy = policyDocument(statements);
    this.connect(from);
  }

  /** Port 443, from this function to the endpoints. */
  private connect(from: NodeFunction): void {
    if (this.connected.has(from)) return;
    this.connected.add(from);
    const vpc = attachmentOf(from);
    vpc.allowHttps('to-endpoints', {
      description: 'To the interface endpoints',
      securityGroupId: this.securityGroup.id,
    });
    new VpcSecurityGroupIngressRule(this, `from-${from.node.id}`, {
      securityGroupId: this.securityGroup.id,
      description: `From the Lambda function ${from.node.id}`,
      ipProtocol: 'tcp',
      fromPort: 443,
      toPort: 443,
      referencedSecurityGroupId: vpc.securityGroup.id,
    });
  }

  private interfaceEndpoint(service: Service): VpcEndpoint {
    return new VpcEndpoint(this, service, {
      vpcId: this.props.vpcId,
      serviceName: this.serviceName(service),
      vpcEndpointType: 'Interface',
      subnetIds: [...this.props.subnetIds],
      securityGroupIds: [this.securityGroup.id],
      // The SDK asks for lambda.REGION.amazonaws.com; only with this does that name lead to the endpoint.
      privateDnsEnabled: true,
    });
  }

  private serviceName(service: string): string {
    return `com.amazonaws.${DeploymentTarget.of(this).region}.${service}`;
  }
}

/** A statement for one function. By condition: a gateway endpoint's policy takes no role as a principal. */
const only = (handler: NodeFunction, statement: PolicyStatement): PolicyStatement => ({
  ...statement,
  principal: '*',
  conditions: { ArnEquals: { 'aws:PrincipalArn': handler.role.arn } },
});

/** @throws Error where the function is in no VPC */
function attachmentOf(handler: NodeFunction): VpcAttachment {
  if (handler.vpc) return handler.vpc;
  throw new Error(
    `VpcEndpoints: ${handler.node.id} runs in no VPC; expected a NodeFunction with the property vpc.`,
  );
}
