import { arnIn, madeByUs, ours, type DeployedNames, type PermissionsOf } from './deployed-names';
import type { DeploymentTarget } from '../base/deployment-target';
import type { PolicyStatement } from '../base/policy';

/** Security groups, their rules, and endpoints, of `vpc`. The VPC itself, its subnets and route tables belong to the account. */
export const networkPermissions: PermissionsOf = (target, names) => {
  const arn = (...kinds: string[]): string[] => kinds.map((kind) => arnIn(target)('ec2', `${kind}/*`));
  return {
    read: [], // EC2 names no resource for reading: deploy-permissions.ts
    write: [
      {
        sid: 'MakeNetwork',
        actions: ['ec2:CreateSecurityGroup', 'ec2:CreateVpcEndpoint'],
        resources: arn('security-group', 'vpc-endpoint'),
        conditions: madeByUs(names),
      },
      {
        sid: 'PlaceNetwork',
        actions: ['ec2:CreateSecurityGroup', 'ec2:CreateVpcEndpoint', 'ec2:ModifyVpcEndpoint'],
        resources: arn('route-table', 'subnet', 'vpc'),
      },
      {
        // EC2 also asks for the security group, which ChangeNetwork allows where it is ours.
        sid: 'MakeRules',
        actions: [
          'ec2:AuthorizeSecurityGroupEgress',
          'ec2:AuthorizeSecurityGroupIngress',
          'ec2:ModifySecurityGroupRules',
        ],
        resources: [
          ...arn('security-group-rule'),
          arnIn(target)('ec2', 'prefix-list/*', `${target.region}:*`), // AWS's own are in no account
        ],
      },
      {
        // Only while EC2 makes it: nothing that exists can be tagged as ours. A rule may get its tags just after.
        sid: 'TagNetwork',
        actions: ['ec2:CreateTags'],
        resources: arn('security-group', 'vpc-endpoint'),
        conditions: { StringEquals: { 'ec2:CreateAction': ['CreateSecurityGroup', 'CreateVpcEndpoint'] } },
      },
      {
        sid: 'TagRules',
        actions: ['ec2:CreateTags'],
        resources: arn('security-group-rule'),
        conditions: madeByUs(names),
      },
      ...takeInterfacesAway(target, names),
      {
        sid: 'ChangeNetwork',
        actions: [
          'ec2:AuthorizeSecurityGroupEgress',
          'ec2:AuthorizeSecurityGroupIngress',
          'ec2:CreateTags',
          'ec2:CreateVpcEndpoint', // into a security group
          'ec2:DeleteSecurityGroup',
          'ec2:DeleteTags',
          'ec2:DeleteVpcEndpoints',
          'ec2:ModifySecurityGroupRules',
          'ec2:ModifyVpcEndpoint',
          'ec2:RevokeSecurityGroupEgress',
          'ec2:RevokeSecurityGroupIngress',
        ],
        resources: arn('security-group', 'security-group-rule', 'vpc-endpoint'),
        conditions: ours(names),
      },
    ],
  };
};

/**
 * What Lambda has not taken away of its interfaces after 45 minutes, the provider does, before it deletes their group.
 * They have no tags: all of this VPC. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
const takeInterfacesAway = (target: DeploymentTarget, { vpcId }: DeployedNames): PolicyStatement[] =>
  vpcId === undefined
    ? []
    : [
        {
          sid: 'TakeInterfacesAway',
          actions: ['ec2:DeleteNetworkInterface', 'ec2:DetachNetworkInterface'],
          resources: [arnIn(target)('ec2', 'network-interface/*')],
          conditions: { ArnEquals: { 'ec2:Vpc': arnIn(target)('ec2', `vpc/${vpcId}`) } },
        },
      ];
