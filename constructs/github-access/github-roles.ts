import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { TerraformStack } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import { beyond, boundaryStatements, limitRoles } from './boundary';
import { deployStatements, stateStatements, type StateLocation } from './deploy-permissions';
import { boundaryName } from './deployed-names';
import { DeploymentTarget } from '../base/deployment-target';
import { policyDocument, type PolicyStatement } from '../base/policy';
import { requireInteger } from '../base/validate';

export interface GithubRolesProps {
  /** `owner/name`, as GitHub spells it. */
  readonly repository: string;
  /** GitHub's number of the owner; with `repositoryId`, or not at all. @default tokens name the repository alone */
  readonly ownerId?: number | undefined;
  /** GitHub's number of the repository. @default tokens name the repository alone */
  readonly repositoryId?: number | undefined;
  /** GitHub's environment whose jobs may deploy; its reviewers approve. */
  readonly environment: string;
  /** The branch whose runs may plan, beside pull requests. @default 'main' */
  readonly branch?: string;
  /** Start of the names of what is deployed, and of both roles: up to 28 letters, digits and hyphens. */
  readonly namePrefix: string;
  /** Name of the upload bucket, where it does not start so. @default it does */
  readonly bucketName?: string | undefined;
  /** The VPC that functions run in. @default none */
  readonly vpcId?: string | undefined;
  /** GitHub's OIDC provider, which must exist. @default the one of this account, of which there can be one only */
  readonly oidcProviderArn?: string | undefined;
  /** Name of a bucket that is used and not deployed. @default none */
  readonly existingBucketName?: string | undefined;
  /** What the deployment makes: the roles that are there by now get the boundary. @default none */
  readonly of?: IConstruct;
  /** Where Terraform keeps its state in S3. @default elsewhere: no permission is given */
  readonly state?: StateLocation;
}

const ISSUER = 'token.actions.githubusercontent.com';

/**
 * The account's provider for GitHub. It is no part of a deployment: with one environment it would be destroyed for all.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
 */
export const githubProviderArn = ({ partition, accountId }: DeploymentTarget): string =>
  `arn:${partition}:iam::${accountId}:oidc-provider/${ISSUER}`;

/** The only audience that AWS's own action asks for. */
const AUDIENCE = 'sts.amazonaws.com';

/**
 * Who GitHub Actions is in this account, without a key that is stored anywhere: a role that may look, for pull requests
 * of the repository itself and for its branch; and a role that may deploy, for jobs of one environment only.
 * https://docs.github.com/en/actions/security-for-github-actions/security-hardening-your-deployments/configuring-openid-connect-in-amazon-web-services
 */
export class GithubRoles extends Construct {
  readonly planRole: IamRole;
  readonly deployRole: IamRole;

  constructor(scope: Construct, id: string, props: GithubRolesProps) {
    super(scope, id);
    validate(props);
    const { repository, environment, branch = 'main', namePrefix, state } = props;
    const target = DeploymentTarget.of(this);
    if (props.of) this.limit(props.of, boundaryStatements(target, props), namePrefix);
    const providerArn = props.oidcProviderArn ?? githubProviderArn(target);
    this.keepProvider();
    const role = (name: string, description: string, subjects: readonly string[]): IamRole =>
      new IamRole(this, name, {
        name: `${namePrefix}-${name}`,
        description,
        assumeRolePolicy: trust(
          providerArn,
          subjects.flatMap((subject) => repositories(props).map((name) => `repo:${name}:${subject}`)),
        ),
      });
    this.planRole = role('github-plan', `Plans of ${repository} look at ${namePrefix}`, [
      'pull_request',
      `ref:refs/heads/${branch}`,
    ]);
    this.deployRole = role('github-deploy', `Deployments of ${repository} to ${namePrefix}`, [
      `environment:${environment}`,
    ]);

    const { read, writeByName, writeById } = deployStatements(target, props);
    this.allow('plan', this.planRole, [...read, ...stateStatements(target, state, 'read')]);
    this.allow('deploy', this.deployRole, [...writeById, ...stateStatements(target, state, 'write')]);
    this.attach('look', this.deployRole, `${namePrefix}-github-look`, read);
    this.attach('change', this.deployRole, `${namePrefix}-github-change`, writeByName);
  }

  /**
   * Earlier versions made the provider, which every environment of the account logs in with. Terraform forgets it, and
   * does not destroy it. https://developer.hashicorp.com/terraform/language/block/removed (Terraform 1.7)
   */
  private keepProvider(): void {
    const stack = TerraformStack.of(this);
    const id = stack.getLogicalId(new Construct(this, 'provider').node);
    const removed = { from: `aws_iam_openid_connect_provider.${id}`, lifecycle: { destroy: false } };
    stack.addOverride('removed', [removed]);
  }

  /** No role of the deployment may do more than the boundary, whoever changes its policies. */
  private limit(of: IConstruct, boundary: readonly PolicyStatement[], namePrefix: string): void {
    const policy = new IamPolicy(this, 'boundary', {
      name: boundaryName(namePrefix),
      description: `The most that the roles of ${namePrefix} may do`,
      policy: policyDocument([...boundary, ...beyond(of, boundary)]),
    });
    limitRoles(of, policy.arn);
  }

  private allow(id: string, role: IamRole, statements: readonly PolicyStatement[]): void {
    new IamRolePolicy(this, id, { name: id, role: role.name, policy: policyDocument(statements) });
  }

  /** A policy beside the role, where a role's own policies have no room for it. */
  private attach(id: string, role: IamRole, name: string, statements: readonly PolicyStatement[]): void {
    const { arn } = new IamPolicy(this, id, { name, policy: policyDocument(statements) });
    new IamRolePolicyAttachment(this, `${id}-attachment`, { role: role.name, policyArn: arn });
  }
}

/**
 * What a token may call the repository. Those of repositories that were made, renamed or transferred since 15 July 2026,
 * or that asked for it, have the ids of owner and repository in it; the others have not.
 * https://docs.github.com/en/actions/reference/security/oidc#immutable-subject-claims
 */
function repositories({ repository, ownerId, repositoryId }: GithubRolesProps): string[] {
  if (ownerId === undefined || repositoryId === undefined) return [repository];
  const [owner = '', name = ''] = repository.split('/');
  return [repository, `${owner}@${ownerId}/${name}@${repositoryId}`];
}

/** Exact subjects, never a pattern: `repo:us/ours:*` would let in every branch of everyone who may push. */
const trust = (providerArn: string, subjects: readonly string[]): string =>
  policyDocument([
    {
      sid: 'TrustGithub',
      principal: { Federated: providerArn },
      actions: ['sts:AssumeRoleWithWebIdentity'],
      conditions: { StringEquals: { [`${ISSUER}:aud`]: AUDIENCE, [`${ISSUER}:sub`]: subjects } },
    },
  ]);

function validate({ repository, ownerId, repositoryId, environment }: GithubRolesProps): void {
  requireInteger(ownerId, { property: 'GithubRoles.ownerId', minimum: 1 });
  requireInteger(repositoryId, { property: 'GithubRoles.repositoryId', minimum: 1 });
  if ((ownerId === undefined) !== (repositoryId === undefined)) {
    throw new Error(
      `GithubRoles.repositoryId: got ${String(repositoryId)} with an ownerId of ${String(ownerId)}; expected both or neither: a token names both or none.`,
    );
  }
  if (!/^[\w.-]+\/[\w.-]+$/u.test(repository)) {
    throw new Error(
      `GithubRoles.repository: got ${JSON.stringify(repository)}; expected owner/name, without a pattern: whoever it matches may assume the roles.`,
    );
  }
  if (!/^[\w.-]+$/u.test(environment)) {
    throw new Error(
      `GithubRoles.environment: got ${JSON.stringify(environment)}; expected the name of one environment: letters, digits, dots, hyphens and underscores.`,
    );
  }
}
