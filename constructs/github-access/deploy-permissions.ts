import { apiPermissions, codePermissions, mappingPermissions } from './deploy-by-id';
import { permissionsByName } from './deploy-by-name';
import { keyPermissions } from './deploy-keys';
import { networkPermissions } from './deploy-network';
import {
  arnIn,
  boundaryName,
  type DeployedNames,
  type DeployPermissions,
  type PermissionsOf,
} from './deployed-names';
import type { DeploymentTarget } from '../base/deployment-target';
import type { PolicyStatement } from '../base/policy';

/** A state file in S3. */
export interface StateLocation {
  readonly bucket: string;
  readonly key: string;
}

/**
 * What may be done, in three parts, because AWS limits each: a role's own policies to 10,240 characters, a policy that
 * is attached to it to 6,144. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 *
 * They are of everything that the settings can turn on, whether they do or not: a deployment may not change its own
 * role, so what a pull request turns on must be permitted already.
 */
export interface DeployStatements {
  /** What a plan has to see: what there is, never what is in it. */
  readonly read: readonly PolicyStatement[];
  /** What a deployment changes beside, of what has a name in its ARN. */
  readonly writeByName: readonly PolicyStatement[];
  /** The same of what AWS gives an id. */
  readonly writeById: readonly PolicyStatement[];
}

export function deployStatements(target: DeploymentTarget, names: DeployedNames): DeployStatements {
  const all = (kinds: readonly PermissionsOf[]): DeployPermissions[] =>
    kinds.map((kind) => kind(target, names));
  const byName = all([permissionsByName, githubPermissions]);
  const byId = all([
    keyPermissions,
    apiPermissions,
    networkPermissions,
    codePermissions,
    mappingPermissions,
    unnamedPermissions,
  ]);
  return {
    read: [...byName, ...byId].flatMap(({ read }) => read),
    writeByName: byName.flatMap(({ write }) => write),
    writeById: byId.flatMap(({ write }) => write),
  };
}

/** Actions that AWS knows neither a resource nor a tag for: in this region is all that can be said. */
const unnamedPermissions: PermissionsOf = (target) => {
  const anywhere = {
    resources: ['*'],
    conditions: { StringEquals: { 'aws:RequestedRegion': target.region } },
  };
  return {
    read: [
      {
        sid: 'FindUnnamed',
        actions: [
          'ec2:DescribePrefixLists',
          'ec2:DescribeSecurityGroupRules',
          'ec2:DescribeSecurityGroups',
          'ec2:DescribeVpcEndpoints',
          'kms:ListAliases',
          'logs:DescribeQueryDefinitions',
        ],
        ...anywhere,
      },
      {
        // The provider lists by prefix, and AWS checks that against all groups.
        sid: 'FindLogGroups',
        actions: ['logs:DescribeLogGroups'],
        resources: [arnIn(target)('logs', 'log-group:*')],
      },
    ],
    write: [
      {
        sid: 'ChangeUnnamed',
        actions: [
          'ec2:DescribeNetworkInterfaces', // a security group goes when its functions' interfaces are gone
          'ec2:DescribeSubnets', // Lambda asks in the name of whoever puts a function into a VPC
          'ec2:DescribeVpcs',
          'logs:DeleteQueryDefinition',
          'logs:PutQueryDefinition',
        ],
        ...anywhere,
      },
    ],
  };
};

/** Which roles a deployment gives to whom, and how it stays away from those of GitHub, which decide what it may. */
const githubPermissions: PermissionsOf = (target, { namePrefix, existingBucketName }) => {
  const arn = (resource: string): string => arnIn(target)('iam', resource, `:${target.accountId}`);
  const policies = arn(`policy/${namePrefix}-github-*`);
  // No role, and no permission of one, without the boundary: or two calls would make an administrator.
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate
  const makeBoundRoles: PolicyStatement = {
    sid: 'MakeBoundRoles',
    actions: ['iam:CreateRole', 'iam:PutRolePermissionsBoundary', 'iam:PutRolePolicy'],
    resources: [arn(`role/${namePrefix}-*`)],
    conditions: { StringEquals: { 'iam:PermissionsBoundary': arn(`policy/${boundaryName(namePrefix)}`) } },
  };
  return {
    read: [
      {
        sid: 'LookAtGithub',
        actions: ['iam:GetPolicy', 'iam:GetPolicyVersion'],
        resources: [policies],
      },
    ],
    write: [
      makeBoundRoles,
      {
        sid: 'GiveRolesToServices',
        actions: ['iam:PassRole'],
        resources: [arn(`role/${namePrefix}-*`)],
        conditions: {
          StringEquals: {
            'iam:PassedToService': [
              'lambda.amazonaws.com',
              'apigateway.amazonaws.com',
              'scheduler.amazonaws.com',
            ],
          },
        },
      },
      {
        sid: 'TagGithub',
        actions: ['iam:TagPolicy', 'iam:UntagPolicy'],
        resources: [policies],
      },
      {
        // Or whoever can merge could give the deployment whatever rights it lacks. Those of an environment whose name
        // begins as this one's, too.
        sid: 'KeepTheseRoles',
        effect: 'Deny',
        actions: ['iam:AttachRolePolicy', 'iam:Delete*', 'iam:PassRole', 'iam:Put*', 'iam:Update*'],
        resources: [arn(`role/${namePrefix}-*github-plan`), arn(`role/${namePrefix}-*github-deploy`)],
      },
      // Its name may start as those of the deployment's own do.
      ...(existingBucketName === undefined
        ? []
        : [
            {
              sid: 'KeepTheBucket',
              effect: 'Deny' as const,
              actions: [
                's3:CreateBucket',
                's3:DeleteBucket*',
                's3:Put*',
                's3:TagResource',
                's3:UntagResource',
              ],
              resources: [arnIn(target)('s3', existingBucketName, ':')],
            },
          ]),
    ],
  };
};

/**
 * The state file, and its lock file beside it for whoever writes.
 * https://developer.hashicorp.com/terraform/language/backend/s3#permissions-required
 */
export function stateStatements(
  { partition }: DeploymentTarget,
  state: StateLocation | undefined,
  access: 'read' | 'write',
): PolicyStatement[] {
  if (state === undefined) return [];
  const bucket = `arn:${partition}:s3:::${state.bucket}`;
  const object = `${bucket}/${state.key}`;
  const use = access === 'read' ? ['s3:GetObject'] : ['s3:GetObject', 's3:PutObject'];
  const statements: PolicyStatement[] = [
    { sid: 'FindState', actions: ['s3:ListBucket'], resources: [bucket] },
    { sid: 'UseState', actions: use, resources: [object] },
  ];
  if (access === 'write') {
    statements.push({
      sid: 'LockState',
      actions: [...use, 's3:DeleteObject'],
      resources: [`${object}.tflock`],
    });
  }
  return statements;
}
