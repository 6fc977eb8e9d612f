import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import type { LambdaFunctionVpcConfig } from '@cdktf/provider-aws/lib/lambda-function';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { dependable, TerraformResource, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { DeploymentTarget } from '../base/deployment-target';
import type { Grantee } from '../base/grantee';
import type { PolicyStatement } from '../base/policy';

export interface VpcAttachmentProps {
  readonly vpcId: string;
  /** Private subnets of that VPC; one a zone, so that a zone may fail. */
  readonly subnetIds: readonly string[];
}

/** Actions on network interfaces that AWS lets a policy limit to the account and region. */
const MANAGE_INTERFACES = [
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

/** Actions that have no resource in IAM: they work on `*` or not at all. */
const DESCRIBE = ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'];

/**
 * A function's place in a VPC: a security group of its own that lets nothing in and, at first, nothing out.
 *
 * When it leaves the VPC, or moves to another, Lambda takes its interfaces away with the role's permission, which takes up
 * to 20 minutes. So the function goes first, then the group, whose deletion waits for the interfaces, then the permission.
 * `create_before_destroy` has Terraform update what refers to a resource before it destroys it.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-enis
 */
export class VpcAttachment extends Construct {
  readonly securityGroup: SecurityGroup;
  readonly config: LambdaFunctionVpcConfig;
  /**
   * What the function's role needs for Lambda to attach it; the function's own code is refused the same.
   * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
   */
  private readonly permissions: readonly PolicyStatement[];
  private needsLambda = false;
  private reachesLambda = false;

  constructor(scope: Construct, id: string, props: VpcAttachmentProps & { readonly functionName: string }) {
    super(scope, id);
    const { vpcId, subnetIds, functionName } = props;
    if (subnetIds.length === 0) {
      throw new Error('VpcAttachment.subnetIds: got none; expected the ids of one private subnet or more.');
    }
    this.securityGroup = new SecurityGroup(this, 'security-group', {
      name: functionName,
      description: `The Lambda function ${functionName}`,
      vpcId,
      lifecycle: { createBeforeDestroy: true },
    });
    this.config = { subnetIds: [...subnetIds], securityGroupIds: [this.securityGroup.id] };
    this.permissions = attachPermissions(this, functionName);
    this.node.addValidation({ validate: () => this.unreachable(functionName) });
  }

  /**
   * Gives the function's role what Lambda needs to attach it.
   * @returns what must exist before the function does
   */
  grantAttach(grantee: Grantee): ITerraformDependable {
    const policy = grantee.allow('attach-to-vpc', this.permissions);
    if (policy instanceof TerraformResource) policy.lifecycle = { createBeforeDestroy: true };
    this.securityGroup.dependsOn = [dependable(policy)];
    return policy;
  }

  /** Lets the function open connections on port 443 to `target`, and to nothing else by this. */
  allowHttps(id: string, target: HttpsTarget): void {
    new VpcSecurityGroupEgressRule(this, id, {
      securityGroupId: this.securityGroup.id,
      description: target.description,
      ipProtocol: 'tcp',
      fromPort: 443,
      toPort: 443,
      referencedSecurityGroupId: target.securityGroupId,
      prefixListId: target.prefixListId,
    });
  }

  /** States that the function calls Lambda: the synth fails unless there is a way. */
  requireLambdaEndpoint(): void {
    this.needsLambda = true;
  }

  /** States that there is a way to Lambda's API. */
  hasLambdaEndpoint(): void {
    this.reachesLambda = true;
  }

  private unreachable(functionName: string): string[] {
    if (!this.needsLambda || this.reachesLambda) return [];
    return [
      `${functionName} runs in a VPC and calls another function, but its VPC has no way to Lambda's API: every call would hang until its time is up. Give it one with VpcEndpoints, or take it out of the VPC.`,
    ];
  }
}

/** Another security group, or a prefix list of AWS. */
export interface HttpsTarget {
  readonly description: string;
  readonly securityGroupId?: string;
  readonly prefixListId?: string;
}

function attachPermissions(scope: Construct, functionName: string): PolicyStatement[] {
  const { partition, region, accountId } = DeploymentTarget.of(scope);
  return [
    {
      sid: 'ManageInterfaces',
      actions: MANAGE_INTERFACES,
      // As AWS documents it: an interface has no name before it is there, and deleting needs all resource types.
      resources: [`arn:${partition}:ec2:${region}:${accountId}:*/*`],
    },
    { sid: 'DescribeNetwork', actions: DESCRIBE, resources: ['*'] },
    {
      sid: 'DenyToCode',
      effect: 'Deny',
      actions: [...MANAGE_INTERFACES, ...DESCRIBE],
      resources: ['*'],
      conditions: {
        // Lambda's own calls do not carry it. Put together, because the function needs this policy to exist first.
        ArnEquals: {
          'lambda:SourceFunctionArn': `arn:${partition}:lambda:${region}:${accountId}:function:${functionName}`,
        },
      },
    },
  ];
}
