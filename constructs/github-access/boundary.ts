import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import type { IConstruct } from 'constructs';
import { arnIn, type DeployedNames } from './deployed-names';
import type { DeploymentTarget } from '../base/deployment-target';
import type { PolicyStatement } from '../base/policy';

/** Services that use a key in the name of a function's role. */
const KEEPERS = ['dynamodb', 'lambda', 's3', 'secretsmanager', 'sns', 'sqs', 'ssm'];

/**
 * The most that a role of the deployment may ever do, whatever its own policies say: use the data of what is named as the
 * deployment. Without it whoever may make roles may make an administrator.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate
 */
export function boundaryStatements(target: DeploymentTarget, names: DeployedNames): PolicyStatement[] {
  const { namePrefix, bucketName } = names;
  const arn = arnIn(target);
  const buckets = [`${namePrefix}-*`, ...(bucketName === undefined ? [] : [bucketName])];
  return [
    {
      sid: 'Functions',
      actions: ['lambda:GetFunctionConcurrency', 'lambda:InvokeFunction'],
      resources: [arn('lambda', `function:${namePrefix}-*`)],
    },
    {
      sid: 'Objects',
      actions: [
        's3:AbortMultipartUpload',
        's3:DeleteObject',
        's3:GetObject*',
        's3:ListBucket',
        's3:ListObjectAnnotations',
        's3:PutObject',
        's3:PutObjectAnnotation',
        's3:PutObjectTagging',
      ],
      resources: buckets.flatMap((name) => [arn('s3', name, ':'), arn('s3', `${name}/*`, ':')]),
    },
    {
      sid: 'Messages',
      actions: [
        'sns:Publish',
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:GetQueue*',
        'sqs:ReceiveMessage',
        'sqs:SendMessage',
      ],
      resources: [arn('sns', `${namePrefix}-*`), arn('sqs', `${namePrefix}-*`)],
    },
    {
      sid: 'Items',
      actions: [
        'dynamodb:*Item',
        'dynamodb:DescribeStream',
        'dynamodb:GetRecords',
        'dynamodb:GetShardIterator',
        'dynamodb:ListStreams',
        'dynamodb:Query',
      ],
      resources: [arn('dynamodb', `table/${namePrefix}-*`)],
    },
    {
      sid: 'Logs',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [arn('logs', `log-group:/aws/*/${namePrefix}-*`)],
    },
    {
      sid: 'Keys',
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [arn('kms', 'key/*')],
      conditions: { StringEquals: { 'kms:ViaService': KEEPERS.map((name) => target.endpointOf(name)) } },
    },
    {
      sid: 'Interfaces',
      actions: [
        'ec2:AssignPrivateIpAddresses',
        'ec2:CreateNetworkInterface',
        'ec2:DeleteNetworkInterface',
        'ec2:UnassignPrivateIpAddresses',
      ],
      resources: [arn('ec2', '*/*')],
    },
    {
      sid: 'WithoutResource',
      actions: [
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets',
        'xray:PutTelemetryRecords',
        'xray:PutTraceSegments',
      ],
      resources: ['*'],
    },
  ];
}

/** Gives every role below `scope` the boundary. */
export function limitRoles(scope: IConstruct, boundaryArn: string): void {
  for (const role of scope.node.findAll()) {
    if (role instanceof IamRole) role.permissionsBoundary = boundaryArn;
  }
}

/**
 * What the roles below `scope` are permitted, and `boundary` would refuse: streams and secrets of others that the settings
 * name, and what a team has granted in code.
 */
export function beyond(scope: IConstruct, boundary: readonly PolicyStatement[]): PolicyStatement[] {
  const permitted = scope.node
    .findAll()
    .filter((construct) => construct instanceof IamRolePolicy)
    .flatMap(({ policyInput }) => statementsOf(policyInput ?? ''))
    .filter(({ Effect }) => Effect === 'Allow');
  const missing = permitted.flatMap(({ Action, Resource }) =>
    Resource.map((resource) => ({
      resource,
      actions: Action.filter((action) => !boundary.some((one) => covers(one, action, resource))),
    })).filter(({ actions }) => actions.length > 0),
  );
  // One statement for a set of actions.
  const resources = new Map<string, Set<string>>();
  for (const { actions, resource } of missing) {
    const key = actions.join(' ');
    resources.set(key, (resources.get(key) ?? new Set()).add(resource));
  }
  return [...resources].map(([actions, all], index) => ({
    sid: `Beyond${index + 1}`,
    actions: actions.split(' '),
    resources: [...all],
  }));
}

interface Granted {
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
}

const statementsOf = (policy: string): Granted[] =>
  (JSON.parse(policy) as { Statement: Granted[] }).Statement;

/** Whether a statement permits an action. A resource that is a reference is one of this stack, named as it is. */
function covers({ actions, resources = [] }: PolicyStatement, action: string, resource: string): boolean {
  return (
    actions.some((pattern) => matches(pattern, action)) &&
    (resource.startsWith('${') || resources.some((pattern) => pattern === '*' || matches(pattern, resource)))
  );
}

function matches(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/gu, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`, 'su').test(text);
}
