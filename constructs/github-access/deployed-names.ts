import type { DeploymentTarget } from '../base/deployment-target';
import type { PolicyStatement } from '../base/policy';

/** What a deployment's resources can be told by. */
export interface DeployedNames {
  /** Start of the names of everything that is deployed. */
  readonly namePrefix: string;
  /** Name of the upload bucket, where it does not start so. @default it does */
  readonly bucketName?: string | undefined;
  /** The VPC that functions run in. @default none */
  readonly vpcId?: string | undefined;
  /** Name of a bucket that is used and not deployed, which a deployment never changes. @default none */
  readonly existingBucketName?: string | undefined;
}

/** What one kind of resource takes to be seen, and to be made, changed and deleted. */
export interface DeployPermissions {
  /** What there is, never what is in it. */
  readonly read: readonly PolicyStatement[];
  /** Beside looking. */
  readonly write: readonly PolicyStatement[];
}

/** The permissions for one kind of resource. */
export type PermissionsOf = (target: DeploymentTarget, names: DeployedNames) => DeployPermissions;

/**
 * Tag of everything that is deployed. AWS names keys, APIs, security groups and the like by an id of its own: their
 * permissions know them by this. https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html
 */
const TAG = 'deployed-as';

/** The tag that the provider has to put on everything, for the permissions to reach it. */
export const deploymentTag = (namePrefix: string): Readonly<Record<string, string>> => ({
  [TAG]: namePrefix,
});

/** The policy that limits every role of the deployment. */
export const boundaryName = (namePrefix: string): string => `${namePrefix}-github-boundary`;

/** Holds while something is made, for what is given the deployment's tag in the same request. */
export const madeByUs = ({ namePrefix }: DeployedNames) => ({
  StringEquals: { [`aws:RequestTag/${TAG}`]: namePrefix },
});

/** Holds for what has the deployment's tag. */
export const ours = ({ namePrefix }: DeployedNames) => ({
  StringEquals: { [`aws:ResourceTag/${TAG}`]: namePrefix },
});

/** `arn('sqs', 'NAME')`: an ARN where the stack is deployed to. */
export const arnIn =
  ({ partition, region, accountId }: DeploymentTarget) =>
  (service: string, resource: string, place = `${region}:${accountId}`): string =>
    `arn:${partition}:${service}:${place}:${resource}`;
