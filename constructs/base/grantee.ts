import type { ITerraformDependable } from 'cdktf';
import type { PolicyStatement } from './policy';

/** Whoever has a role of its own that permissions can be added to. */
export interface Grantee {
  /**
   * Adds permissions to the grantee's role, as a policy of their own.
   * @param id names the policy in a diff, e.g. `move-uploads`
   * @returns what must exist before the permissions are used
   */
  allow(id: string, statements: readonly PolicyStatement[]): ITerraformDependable;

  /**
   * Gives the grantee's code a value that it needs to make use of a permission. Left out where there is no code.
   * @throws Error where the variable is set already
   */
  addEnvironment?(name: string, value: string): void;
}
