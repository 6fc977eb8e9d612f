import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { TerraformStack, Testing } from 'cdktf';
import type { Construct } from 'constructs';
import { IdempotencyTable } from '../../../constructs/sources/idempotency-table';
import { NodeFunction } from '../../../constructs/function/node-function';
import { VpcEndpoints } from '../../../constructs/network/vpc-endpoints';
import { OwnBucket } from '../../../constructs/uploads/own-bucket';
import { nodeFunction } from '../../support/mover';
import { onlyResource, parse, statements } from '../../support/synth';

const VPC = {
  vpcId: 'vpc-1',
  subnetIds: ['subnet-1', 'subnet-2'],
  routeTableIds: ['rtb-1'],
  namePrefix: 'test',
};

const functionIn = (scope: Construct, id: string, vpc: typeof VPC | null): NodeFunction =>
  nodeFunction(scope, id, vpc ? { vpc } : {});

interface Parts {
  readonly caller: NodeFunction;
  readonly invoked: NodeFunction;
  readonly scope: Construct;
}

/** A caller and what it may invoke, in a VPC or (null) not, and what else is done with them; validated as a real synth is. */
function synth(use: (parts: Parts) => void = () => undefined, vpc: typeof VPC | null = VPC): string {
  const stack = new TerraformStack(Testing.app(), 'stack');
  new AwsProvider(stack, 'aws');
  const caller = functionIn(stack, 'caller', vpc);
  const invoked = functionIn(stack, 'invoked', vpc);
  invoked.grantInvoke(caller);
  use({ caller, invoked, scope: stack });
  return Testing.synth(stack, true);
}

const privately = ({ caller, invoked, scope }: Parts): void => {
  const ways = new VpcEndpoints(scope, 'private', VPC);
  ways.allowInvoke(caller, invoked);
};

describe('a function in a VPC', () => {
  it('is in the subnets, in a security group of its own that has no rules of its own', () => {
    const synthesized = synth(privately);

    expect(synthesized).toHaveResourceWithProperties(LambdaFunction, {
      function_name: 'test-caller',
      vpc_config: {
        subnet_ids: ['subnet-1', 'subnet-2'],
        security_group_ids: [
          expect.stringMatching(/^\$\{aws_security_group\.caller_vpc_.*\.id\}$/u) as string,
        ],
      },
    });
    const groups = Object.values(parse(synthesized).resource.aws_security_group ?? {});
    expect(groups.length).toBeGreaterThan(0);
    for (const group of groups) {
      expect(group).not.toHaveProperty('ingress');
      expect(group).not.toHaveProperty('egress');
    }
  });

  // Terraform destroys an orphan before it updates what referred to it, unless it is create_before_destroy. The group's
  // deletion waits until Lambda has taken its interfaces away, which takes the permission.
  it('leaves its VPC before its group goes, and its group goes before its permission', () => {
    const { resource } = parse(synth(privately));
    const [[policyId, policy] = ['', {}]] = Object.entries(resource.aws_iam_role_policy ?? {}).filter(
      ([id]) => id.startsWith('caller_attach-to-vpc'),
    );
    const [group] = Object.entries(resource.aws_security_group ?? {})
      .filter(([id]) => id.startsWith('caller_vpc_'))
      .map(([, block]) => block);

    for (const block of [policy, ...Object.values(resource.aws_security_group ?? {})]) {
      expect(block).toMatchObject({ lifecycle: { create_before_destroy: true } });
    }
    expect(group?.depends_on).toEqual([`aws_iam_role_policy.${policyId}`]);
  });

  it('may be attached before it is made, because Lambda checks; its own code may not do the same', () => {
    const synthesized = synth(privately);
    const own = statements(synthesized).filter(({ address }) => address.includes('caller_attach-to-vpc'));
    const made = Object.values(parse(synthesized).resource.aws_lambda_function ?? {}).find(
      ({ function_name }) => function_name === 'test-caller',
    );

    expect(made?.depends_on).toContain(own[0]?.address);
    expect(own.map(({ Sid, Effect }) => [Sid, Effect])).toEqual([
      ['ManageInterfaces', 'Allow'],
      ['DescribeNetwork', 'Allow'],
      ['DenyToCode', 'Deny'],
    ]);
    expect(own[2]?.Condition).toEqual({
      ArnEquals: {
        'lambda:SourceFunctionArn': expect.stringMatching(/:function:test-caller$/u) as string,
      },
    });
  });

  it('refuses a caller in a VPC without a way to Lambda’s API', () => {
    expect(() => synth()).toThrow(
      "test-caller runs in a VPC and calls another function, but its VPC has no way to Lambda's API: every call would hang until its time is up. Give it one with VpcEndpoints, or take it out of the VPC.",
    );
  });

  it('is fine without a way where it calls nobody, or runs outside a VPC', () => {
    expect(() => synth(undefined, null)).not.toThrow();
    expect(() =>
      synth((parts) => {
        privately(parts);
        functionIn(parts.scope, 'alone', VPC);
      }),
    ).not.toThrow();
  });

  it('needs a subnet', () => {
    expect(() => synth(undefined, { ...VPC, subnetIds: [] })).toThrow(
      'VpcAttachment.subnetIds: got none; expected the ids of one private subnet or more.',
    );
  });
});

describe('VpcEndpoints', () => {
  it('has an interface endpoint for Lambda under Lambda’s own name', () => {
    expect(synth(privately)).toHaveResourceWithProperties(VpcEndpoint, {
      vpc_id: 'vpc-1',
      vpc_endpoint_type: 'Interface',
      service_name: expect.stringMatching(/^com\.amazonaws\.\$\{.*\}\.lambda$/u) as string,
      subnet_ids: ['subnet-1', 'subnet-2'],
      private_dns_enabled: true,
      security_group_ids: [
        expect.stringMatching(/^\$\{aws_security_group\.private_security-group_.*\.id\}$/u) as string,
      ],
    });
  });

  it('lets the endpoint be reached on port 443 by the caller only, and the caller reach nothing else', () => {
    const synthesized = synth(privately);
    const https = { ip_protocol: 'tcp', from_port: 443, to_port: 443 };

    expect(synthesized).toHaveResource(SecurityGroup);
    expect(onlyResource(synthesized, 'aws_vpc_security_group_ingress_rule')).toMatchObject({
      ...https,
      security_group_id: expect.stringContaining('private_security-group') as string,
      referenced_security_group_id: expect.stringContaining('caller_vpc') as string,
    });
    expect(onlyResource(synthesized, 'aws_vpc_security_group_egress_rule')).toMatchObject({
      ...https,
      security_group_id: expect.stringContaining('caller_vpc') as string,
      referenced_security_group_id: expect.stringContaining('private_security-group') as string,
    });
  });

  it('lets that one call through the endpoint, and nothing else', () => {
    const synthesized = synth(privately);
    const policy = statements(synthesized).filter(({ address }) => address.startsWith('aws_vpc_endpoint.'));

    expect(policy).toEqual([
      expect.objectContaining({
        Effect: 'Allow',
        Principal: '*',
        Action: ['lambda:InvokeFunction'],
        Resource: [expect.stringMatching(/^\$\{aws_lambda_function\.invoked_.*\.arn\}$/u)],
        Condition: {
          ArnEquals: {
            'aws:PrincipalArn': expect.stringMatching(/^\$\{aws_iam_role\.caller_.*\.arn\}$/u) as string,
          },
        },
      }),
    ]);
  });

  it('leads there for a second function too, by the same endpoint and with sids of its own', () => {
    const synthesized = synth(({ scope, caller, invoked }) => {
      const bucket = new OwnBucket(scope, 'uploads', { namePrefix: 'test-' });
      const ways = new VpcEndpoints(scope, 'private', VPC);
      ways.allowInvoke(caller, invoked);
      ways.allowMove(caller, bucket, [{ upload: 'in/', processed: 'out/' }]);
      ways.allowMove(invoked, bucket, [{ upload: 'more/', processed: 'done/' }]);
    });
    const policy = statements(synthesized).filter(({ address }) => address.includes('private_s3'));

    expect(Object.keys(parse(synthesized).resource.aws_vpc_endpoint ?? {})).toHaveLength(2); // Lambda's, and S3's
    expect(new Set(policy.map(({ Sid }) => Sid)).size).toBe(6);
    expect(JSON.stringify(policy.slice(3))).toContain('aws_iam_role.invoked_');
    expect(JSON.stringify(policy.slice(3))).not.toContain('aws_iam_role.caller_');
  });

  it('leads to this bucket by a gateway endpoint, for what a move needs', () => {
    const synthesized = synth((parts) => {
      const { scope, caller, invoked } = parts;
      const bucket = new OwnBucket(scope, 'uploads', {
        namePrefix: 'test-',
      });
      const ways = new VpcEndpoints(scope, 'private', VPC);
      ways.allowInvoke(caller, invoked);
      ways.allowMove(caller, bucket, [{ upload: 'in/', processed: 'out/' }]);
    });
    const policy = statements(synthesized).filter(({ address }) => address.includes('private_s3'));
    const egress = Object.values(parse(synthesized).resource.aws_vpc_security_group_egress_rule ?? {});

    expect(synthesized).toHaveResourceWithProperties(VpcEndpoint, {
      vpc_endpoint_type: 'Gateway',
      route_table_ids: ['rtb-1'],
    });
    expect(policy.length).toBeGreaterThan(0);
    for (const { Resource = [] } of policy) {
      expect(Resource).toEqual([expect.stringMatching(/^\$\{aws_s3_bucket\.uploads_.*\.arn\}/u)]);
    }
    expect(egress).toContainEqual(
      expect.objectContaining({
        from_port: 443,
        prefix_list_id: expect.stringMatching(/_s3_.*\.prefix_list_id\}$/u) as string,
      }),
    );
  });

  it('leads to this table by a gateway endpoint, for its items', () => {
    const synthesized = synth((parts) => {
      const table = new IdempotencyTable(parts.scope, 'done', { tableName: 'test-done' });
      const ways = new VpcEndpoints(parts.scope, 'private', VPC);
      ways.allowInvoke(parts.caller, parts.invoked);
      ways.allowTable(parts.invoked, table);
    });
    const policy = statements(synthesized).filter(({ address }) => address.includes('private_dynamodb'));
    const egress = Object.values(parse(synthesized).resource.aws_vpc_security_group_egress_rule ?? {});

    expect(synthesized).toHaveResourceWithProperties(VpcEndpoint, {
      vpc_endpoint_type: 'Gateway',
      service_name: expect.stringMatching(/\.dynamodb$/u) as string,
      route_table_ids: ['rtb-1'],
    });
    expect(policy).toEqual([
      expect.objectContaining({
        Effect: 'Allow',
        Action: ['dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        Resource: [expect.stringMatching(/^\$\{aws_dynamodb_table\.done_.*\.arn\}$/u)],
        Condition: {
          ArnEquals: { 'aws:PrincipalArn': expect.stringMatching(/^\$\{aws_iam_role\.invoked_/u) as string },
        },
      }),
    ]);
    expect(egress).toContainEqual(
      expect.objectContaining({
        security_group_id: expect.stringContaining('invoked_vpc') as string,
        prefix_list_id: expect.stringMatching(/_dynamodb_.*\.prefix_list_id\}$/u) as string,
      }),
    );
  });

  it('has an endpoint for CloudWatch Logs where code asks for it, and opens each function’s group once', () => {
    const synthesized = synth((parts) => {
      const ways = new VpcEndpoints(parts.scope, 'private', VPC);
      ways.allowInvoke(parts.caller, parts.invoked);
      ways.allowLogs(parts.caller);
      ways.allowLogs(parts.invoked);
    });
    const policy = statements(synthesized).filter(({ address }) => address.includes('private_logs'));

    expect(policy.map(({ Sid, Resource }) => [Sid, Resource])).toEqual([
      ['WriteLogs1', [expect.stringMatching(/caller_logs_.*\.arn\}:\*$/u)]],
      ['WriteLogs2', [expect.stringMatching(/invoked_logs_.*\.arn\}:\*$/u)]],
    ]);
    expect(Object.keys(parse(synthesized).resource.aws_vpc_security_group_ingress_rule ?? {})).toHaveLength(
      2,
    );
  });

  it('refuses a function that is in no VPC', () => {
    expect(() => synth(privately, null)).toThrow(
      'VpcEndpoints: caller runs in no VPC; expected a NodeFunction with the property vpc.',
    );
  });
});

describe('in a VPC that has endpoints already', () => {
  const THEIRS = 'sg-0123456789abcdef0';
  const existing = { lambda: THEIRS, s3: true, dynamodb: true };
  const { resource, data = {} } = parse(
    synth(({ caller, invoked, scope }) => {
      const ways = new VpcEndpoints(scope, 'private', { ...VPC, existing });
      ways.allowInvoke(caller, invoked);
      const uploads = new OwnBucket(scope, 'uploads', { namePrefix: 'test-uploads-' });
      ways.allowMove(caller, uploads, [{ upload: 'uploads/', processed: 'processed/' }]);
      ways.allowTable(invoked, new IdempotencyTable(scope, 'table', { tableName: 'test-done' }));
    }),
  );

  // Private DNS and routes hold for the whole VPC: a second endpoint would be refused, or cut others off.
  it('makes none beside them, and no group for one', () => {
    expect(resource).not.toHaveProperty('aws_vpc_endpoint');
    expect(Object.keys(resource.aws_security_group ?? {}).filter((id) => id.startsWith('private_'))).toEqual(
      [],
    );
    expect(resource).not.toHaveProperty('aws_vpc_security_group_ingress_rule');
  });

  it('lets the functions out to them', () => {
    const rules = Object.values(resource.aws_vpc_security_group_egress_rule ?? {});

    expect(rules.map((rule) => rule.referenced_security_group_id ?? rule.prefix_list_id)).toEqual([
      THEIRS,
      expect.stringMatching(/^\$\{data\.aws_prefix_list\.private_s3-addresses_.*\.id\}$/u),
      expect.stringMatching(/^\$\{data\.aws_prefix_list\.private_dynamodb-addresses_.*\.id\}$/u),
    ]);
    expect(Object.values(data.aws_prefix_list ?? {}).map(({ name }) => name)).toEqual([
      expect.stringMatching(/^com\.amazonaws\..*\.dynamodb$/u),
      expect.stringMatching(/^com\.amazonaws\..*\.s3$/u),
    ]);
  });
});
