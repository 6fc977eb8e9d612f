import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Grantee } from './grantee';
import { policyDocument, type PolicyStatement } from './policy';

export interface ServiceRoleProps {
  /** Up to 64 letters, digits, hyphens and underscores. */
  readonly roleName: string;
  /** What it is for, in a sentence. */
  readonly description: string;
  /** Who may assume it, e.g. `apigateway.amazonaws.com`. */
  readonly service: string;
  /** On whose behalf it may: without, for any resource of this kind. @default none */
  readonly conditions?: PolicyStatement['conditions'];
}

/** A role that an AWS service works under, with no permission until it is granted one. */
export class ServiceRole extends Construct implements Grantee {
  readonly role: IamRole;

  constructor(scope: Construct, id: string, props: ServiceRoleProps) {
    super(scope, id);
    this.role = new IamRole(this, 'role', {
      name: props.roleName,
      description: props.description,
      assumeRolePolicy: policyDocument([
        {
          sid: 'TrustService',
          principal: { Service: props.service },
          actions: ['sts:AssumeRole'],
          conditions: props.conditions,
        },
      ]),
    });
  }

  allow(id: string, statements: readonly PolicyStatement[]): ITerraformDependable {
    return new IamRolePolicy(this, id, {
      name: id,
      role: this.role.name,
      policy: policyDocument(statements),
    });
  }
}
