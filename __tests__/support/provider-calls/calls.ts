import { ACCOUNT, type Request } from '../iam';
import type { Block } from '../synth';

/**
 * The permissions that the AWS provider (6) takes for each type of resource: its API calls, as IAM names them.
 * Reading, creating and deleting were recorded with the provider's own log (TF_LOG_PROVIDER) on a local engine. Updates,
 * saved queries and code signing, which no engine could be asked for, are by the provider's documentation; permissions by
 * call are of AWS's Service Authorization Reference.
 */
export interface ProviderCalls {
  /** The resource that AWS checks them on, of a block of the synthesized JSON. */
  readonly arn: (block: Block) => string;
  /** In every plan. */
  readonly read: readonly string[];
  /** With the deployment's tag in the request, where the type has tags. */
  readonly create: readonly string[];
  /** Updates and deletes: of what has the tag already. */
  readonly change: readonly string[];
  /** What else AWS tells of the request. */
  readonly context?: (block: Block) => Request['context'];
  /** Calls that no deployment may make: its rights hang on a tag, and these would put it on what is others'. */
  readonly onlyPeople?: readonly (readonly [action: string, arn: string])[];
  /** Calls that are checked on more than the resource. */
  readonly alsoCreate?: readonly (readonly [action: string, arn: string])[];
}

export type CallsByType = Readonly<Record<string, ProviderCalls>>;

/** What AWS checks on no resource: only `*` allows it. */
export const WITHOUT_RESOURCE = new Set([
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribePrefixLists',
  'ec2:DescribeSecurityGroupRules',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcEndpoints',
  'ec2:DescribeVpcs',
  'kms:ListAliases',
  'lambda:CreateEventSourceMapping',
  'logs:DeleteQueryDefinition',
  'logs:DescribeQueryDefinitions',
  'logs:PutQueryDefinition',
]);

export const HERE = `us-east-1:${ACCOUNT}`;

export const text = (value: Block[string] | undefined): string => (typeof value === 'string' ? value : '');

/** ARN of what is named by a property. */
export const named =
  (arn: string, property = 'name') =>
  (block: Block): string =>
    `${arn}${text(block[property])}`;

/** ARN of what AWS gives an id, which only it knows. */
export const always = (arn: string) => (): string => arn;
