import { DataAwsPrefixList } from '@cdktf/provider-aws/lib/data-aws-prefix-list';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { Construct } from 'constructs';
import { DeploymentTarget } from '../base/deployment-target';
import type { NodeFunction } from '../function/node-function';
import { policyDocument, type PolicyStatement } from '../base/policy';
import type { IdempotencyTable } from '../sources/idempotency-table';
import type { PrefixPair } from '../uploads/prefix-pair';
import type { UploadBucket } from '../uploads/upload-bucket';
import type { VpcAttachment } from '../function/vpc-attachment';

/** Services that are reached through an interface endpoint. */
type Service = 'lambda' | 'logs';

/** Services that are reached through a gateway endpoint. */
type Gateway = 's3' | 'dynamodb';

export interface VpcEndpointsProps {
  /** Start of the names; up to 200 characters. */
  readonly namePrefix: string;
  readonly vpcId: string;
  /** Where the interface endpoints are: the functions' subnets. */
  readonly subnetIds: readonly string[];
  /** Route tables of those subnets: they lead to the endpoints of S3 and DynamoDB. */
  readonly routeTableIds: readonly string[];
  /**
   * Endpoints that the VPC has already: they are used as they are, and none is made beside them. Of an interface endpoint
   * the id of its security group, which must let these functions in on port 443. @default none
   */
  readonly existing?: ExistingEndpoints | undefined;
}

export type ExistingEndpoints = Readonly<
  Partial<Record<Service, string | undefined> & Record<Gateway, boolean | undefined>>
>;

/**
 * The ways out of a VPC that has no others, or that has these already: to Lambda, for the calls that are allowed here and no others, to S3 for one
 * bucket and no others, and to DynamoDB for one table. https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-endpoints.html
 */
export class VpcEndpoints extends Construct {
  private group: SecurityGroup | undefined;
  private readonly endpoints: Partial<Record<Service | Gateway, VpcEndpoint>> = {};
  private readonly addresses: Partial<Record<Gateway, DataAwsPrefixList>> = {};
  private readonly allowed: Record<Service | Gateway, PolicyStatement[]> = {
    lambda: [],
    logs: [],
    s3: [],
    dynamodb: [],
  };
  private readonly connected = new Set<NodeFunction>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: VpcEndpointsProps,
  ) {
    super(scope, id);
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

  /** Gives `mover` a way to S3 that leads to the objects of some pairs of prefixes, and to no others. */
  allowMove(mover: NodeFunction, uploads: UploadBucket, pairs: readonly PrefixPair[]): void {
    const prefixListId = this.gateway('s3', mover, uploads.moveStatements(pairs));
    attachmentOf(mover).allowHttps('to-s3', { description: 'To S3', prefixListId });
  }

  /** Gives `handler` a way to DynamoDB that leads to `table` and to no other. */
  allowTable(handler: NodeFunction, table: IdempotencyTable): void {
    const prefixListId = this.gateway('dynamodb', handler, table.useStatements());
    attachmentOf(handler).allowHttps('to-dynamodb', { description: 'To DynamoDB', prefixListId });
  }

  /**
   * The VPC's endpoint for a service, free of charge, with what one more function may do there.
   * @returns the id of AWS's list of the service's addresses
   */
  private gateway(service: Gateway, from: NodeFunction, more: readonly PolicyStatement[]): string {
    if (this.props.existing?.[service] === true) return this.addressesOf(service);
    const statements = this.allowed[service];
    // A policy takes each sid once.
    const suffix = statements.length === 0 ? '' : String(statements.length + 1);
    statements.push(
      ...more.map((statement) => only(from, { ...statement, sid: `${statement.sid}${suffix}` })),
    );
    const endpoint = (this.endpoints[service] ??= new VpcEndpoint(this, service, {
      vpcId: this.props.vpcId,
      serviceName: this.serviceName(service),
      vpcEndpointType: 'Gateway',
      routeTableIds: [...this.props.routeTableIds],
    }));
    endpoint.policy = policyDocument(statements);
    return endpoint.prefixListId;
  }

  private addressesOf(service: Gateway): string {
    this.addresses[service] ??= new DataAwsPrefixList(this, `${service}-addresses`, {
      name: this.serviceName(service),
    });
    return this.addresses[service].id;
  }

  private allow(service: Service, from: NodeFunction, statement: PolicyStatement): void {
    const existing = this.props.existing?.[service];
    if (existing !== undefined) {
      attachmentOf(from).allowHttps(`to-${service}`, {
        description: `To the endpoint of ${service}`,
        securityGroupId: existing,
      });
      return;
    }
    const statements = this.allowed[service];
    statements.push(only(from, { ...statement, sid: `${statement.sid}${statements.length + 1}` }));
    const endpoint = (this.endpoints[service] ??= this.interfaceEndpoint(service));
    endpoint.policy = policyDocument(statements);
    this.connect(from);
  }

  /** The group of the interface endpoints that are made here. */
  private get securityGroup(): SecurityGroup {
    this.group ??= new SecurityGroup(this, 'security-group', {
      name: `${this.props.namePrefix}-endpoints`,
      description: 'The interface endpoints, reached from the functions only',
      vpcId: this.props.vpcId,
      lifecycle: { createBeforeDestroy: true }, // its endpoints and the functions' rules leave it first
    });
    return this.group;
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
