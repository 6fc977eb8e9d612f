import { planOf, THEIRS } from '../plans';
import { changed, created, destroyed, inModule, policy, READ, type Case } from './plans';

const ENDPOINT = { id: 'vpce-1', vpc_endpoint_type: 'Interface' };
const NARROW = policy({ Principal: '*', ...READ });

/** Plans that open something by a setting. */
export const OPENING: readonly Case[] = [
  [
    'a public access list',
    created('aws_s3_bucket_acl', { bucket: 'b', acl: 'public-read' }),
    'its access list lets anyone in',
  ],
  [
    'an access list with a public group',
    created('aws_s3_bucket_acl', {
      bucket: 'b',
      access_control_policy: [
        {
          grant: [
            {
              permission: 'READ',
              grantee: [{ type: 'Group', uri: 'http://acs.amazonaws.com/groups/global/AllUsers' }],
            },
          ],
        },
      ],
    }),
    'its access list lets anyone in',
  ],
  [
    'access lists count',
    created('aws_s3_bucket_ownership_controls', {
      bucket: 'b',
      rule: [{ object_ownership: 'ObjectWriter' }],
    }),
    'access lists of single objects count',
  ],
  [
    'replication',
    created('aws_s3_bucket_replication_configuration', {
      bucket: 'b',
      rule: [{ destination: [{ bucket: 'arn:aws:s3:::theirs', account: THEIRS }] }],
    }),
    'its objects are copied to another bucket: `arn:aws:s3:::theirs`',
  ],
  [
    'a subscription of another account to a log',
    created('aws_cloudwatch_log_subscription_filter', {
      name: 's',
      log_group_name: 'l',
      destination_arn: `arn:aws:logs:eu-west-1:${THEIRS}:destination:x`,
    }),
    'log lines are sent to another account',
  ],
  [
    'a subscriber on the web',
    created('aws_sns_topic_subscription', {
      protocol: 'https',
      endpoint: 'https://evil.example/hook/abcdefgh',
      topic_arn: 't',
    }),
    'Endpoint `https://evil.example/…`',
  ],
  [
    'a rule that lets the internet in',
    created('aws_vpc_security_group_ingress_rule', {
      cidr_ipv4: '0.0.0.0/0',
      from_port: 22,
      to_port: 22,
      security_group_id: 'sg-1',
    }),
    'it lets addresses of the internet in: `0.0.0.0/0`, FromPort `22`',
  ],
  [
    'half the internet',
    created('aws_security_group_rule', { type: 'ingress', cidr_blocks: ['0.0.0.0/1', '128.0.0.0/1'] }),
    '`128.0.0.0/1`',
  ],
  [
    'a rule in a module',
    inModule(created('aws_vpc_security_group_ingress_rule', { cidr_ipv6: '::/0' })),
    'ingress rule `edge.thing`',
  ],
  [
    'a group that lets the internet in',
    changed('aws_security_group', { ingress: [] }, { ingress: [{ cidr_blocks: ['0.0.0.0/0'] }] }),
    'lets addresses of the internet in',
  ],
  [
    'the policy of an endpoint is taken away',
    changed('aws_vpc_endpoint', { ...ENDPOINT, policy: NARROW }, ENDPOINT),
    'it lets everything through',
  ],
  [
    'the policy of an endpoint goes',
    destroyed('aws_vpc_endpoint_policy', { vpc_endpoint_id: 'vpce-1', policy: NARROW }),
    'it lets everything through',
  ],
  [
    'a function that anyone may invoke',
    created('aws_lambda_permission', { function_name: 'f', principal: '*', source_arn: 'arn:aws:s3:::b' }),
    'anyone may invoke the function',
  ],
  [
    'a function URL for everybody',
    created('aws_lambda_function_url', { authorization_type: 'NONE' }),
    'anyone may call it',
  ],
  [
    'a method for everybody',
    created('aws_api_gateway_method', { http_method: 'POST', authorization: 'NONE' }),
    'anyone may call it',
  ],
  [
    'code of another account',
    changed(
      'aws_lambda_function',
      { function_name: 'f', layers: [] },
      { function_name: 'f', layers: [`arn:aws:lambda:eu-west-1:${THEIRS}:layer:x:1`] },
    ),
    'it runs code of another account',
  ],
  [
    'code before the handler',
    changed(
      'aws_lambda_function',
      { function_name: 'f', environment: [] },
      { function_name: 'f', environment: [{ variables: { NODE_OPTIONS: '--require /tmp/x.js' } }] },
    ),
    'other code runs before the handler',
  ],
  [
    'a function leaves its VPC',
    changed(
      'aws_lambda_function',
      { function_name: 'f', vpc_config: [{ subnet_ids: ['s'] }] },
      { function_name: 'f', vpc_config: [] },
    ),
    'it is in no VPC',
  ],
  [
    'a key of another account’s',
    created('aws_kms_grant', {
      key_id: 'k',
      grantee_principal: `arn:aws:iam::${THEIRS}:root`,
      operations: ['Decrypt'],
    }),
    'lets another account in',
  ],
  [
    'a topic without a key',
    changed('aws_sns_topic', { name: 't', kms_master_key_id: 'k' }, { name: 't', kms_master_key_id: null }),
    'messages are not encrypted',
  ],
  [
    'a public database',
    created('aws_db_instance', { identifier: 'd', publicly_accessible: true, storage_encrypted: true }),
    'it has an address on the internet',
  ],
  [
    'an unknown type is made',
    created('aws_quantum_gate', { name: 'x' }),
    'does not know the type `aws_quantum_gate`',
  ],
  [
    'a range that only the apply will tell',
    planOf(
      'aws_vpc_security_group_ingress_rule',
      null,
      { security_group_id: 'sg-1' },
      { after_unknown: { cidr_ipv4: true }, expressions: { cidr_ipv4: { references: ['data.external.x'] } } },
    ),
    'CidrIpv4, known only after the apply',
  ],
];
