import { always, HERE, type CallsByType, type ProviderCalls } from './calls';

const ec2 = (kind: string): string => `arn:aws:ec2:${HERE}:${kind}/${kind}-0123456789abcdef0`;
/** Checked on the group and the rule. */
const rule = (direction: string): ProviderCalls => ({
  arn: always(ec2('security-group-rule')),
  read: ['ec2:DescribeSecurityGroupRules'],
  create: [`ec2:AuthorizeSecurityGroup${direction}`, 'ec2:CreateTags'],
  change: ['ec2:ModifySecurityGroupRules', 'ec2:CreateTags', 'ec2:DeleteTags'],
  alsoCreate: [
    [`ec2:AuthorizeSecurityGroup${direction}`, ec2('security-group')],
    [`ec2:RevokeSecurityGroup${direction}`, ec2('security-group')],
    ['ec2:ModifySecurityGroupRules', ec2('security-group')],
  ],
});

export const NETWORK: CallsByType = {
  aws_security_group: {
    arn: always(ec2('security-group')),
    read: ['ec2:DescribeSecurityGroups'],
    create: ['ec2:CreateSecurityGroup', 'ec2:CreateTags'],
    change: [
      'ec2:CreateTags',
      'ec2:DeleteSecurityGroup',
      'ec2:DeleteTags',
      'ec2:RevokeSecurityGroupEgress', // the rule that AWS makes with it
      'ec2:RevokeSecurityGroupIngress',
    ],
    context: () => ({ 'ec2:CreateAction': 'CreateSecurityGroup' }),
    alsoCreate: [
      ['ec2:CreateSecurityGroup', ec2('vpc')],
      ['ec2:DescribeNetworkInterfaces', '*'],
    ],
  },
  aws_vpc_endpoint: {
    arn: always(ec2('vpc-endpoint')),
    read: ['ec2:DescribePrefixLists', 'ec2:DescribeVpcEndpoints'],
    create: ['ec2:CreateTags', 'ec2:CreateVpcEndpoint'],
    change: ['ec2:CreateTags', 'ec2:DeleteTags', 'ec2:DeleteVpcEndpoints', 'ec2:ModifyVpcEndpoint'],
    context: () => ({ 'ec2:CreateAction': 'CreateVpcEndpoint' }),
    alsoCreate: ['route-table', 'security-group', 'subnet', 'vpc'].map(
      (kind) => ['ec2:CreateVpcEndpoint', ec2(kind)] as const,
    ),
  },
  aws_vpc_security_group_egress_rule: rule('Egress'),
  aws_vpc_security_group_ingress_rule: rule('Ingress'),
};
