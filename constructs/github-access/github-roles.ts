import { IamOpenidConnectProvider } from '@cdktf/provider-aws/lib/iam-openid-connect-provider';
import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { Construct } from 'constructs';
import { deployStatements, stateStatements, type StateLocation } from './deploy-permissions';
import { DeploymentTarget } from '../base/deployment-target';
import { policyDocument, type PolicyStatement } from '../base/policy';

export interface GithubRolesProps {
  /** `owner/name`, as GitHub spells it. */
  readonly repository: string;
  /** GitHub's environment whose jobs may deploy; its reviewers approve. */
  readonly environment: string;
  /** The branch whose runs may plan, beside pull requests. @default 'main' */
  readonly branch?: string;
  /** Start of the names of what is deployed, and of both roles: up to 28 letters, digits and hyphens. */
  readonly namePrefix: string;
  /** Name of the upload bucket, where it does not start so. @default it does */
  readonly bucketName?: string | undefined;
  /** An account has one provider for GitHub: its ARN, where there is one already. @default one is made */
  readonly oidcProviderArn?: string;
  /** Where Terraform keeps its state in S3. @default elsewhere: no permission is given */
  readonly state?: StateLocation;
}

const ISSUER = 'token.actions.githubusercontent.com';

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
    const providerArn =
      props.oidcProviderArn ??
      new IamOpenidConnectProvider(this, 'provider', { url: `https://${ISSUER}`, clientIdList: [AUDIENCE] })
        .arn;
    const role = (name: string, description: string, subjects: readonly string[]): IamRole =>
      new IamRole(this, name, {
        name: `${namePrefix}-${name}`,
        description,
        assumeRolePolicy: trust(
          providerArn,
          subjects.map((subject) => `repo:${repository}:${subject}`),
        ),
      });
    this.planRole = role('github-plan', `Plans of ${repository} look at ${namePrefix}`, [
      'pull_request',
      `ref:refs/heads/${branch}`,
    ]);
    this.deployRole = role('github-deploy', `Deployments of ${repository} to ${namePrefix}`, [
      `environment:${environment}`,
    ]);

    const target = DeploymentTarget.of(this);
    const { read, writeByName, writeById } = deployStatements(target, props);
    this.allow('plan', this.planRole, [...read, ...stateStatements(target, state, 'read')]);
    this.allow('deploy', this.deployRole, [...writeById, ...stateStatements(target, state, 'write')]);
    this.attach('look', this.deployRole, `${namePrefix}-github-look`, read);
    this.attach('change', this.deployRole, `${namePrefix}-github-change`, writeByName);
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

function validate({ repository, environment }: GithubRolesProps): void {
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
