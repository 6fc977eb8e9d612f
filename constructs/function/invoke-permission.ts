import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import type { Construct } from 'constructs';
import type { NodeFunction } from './node-function';
import type { ServiceSource } from '../base/service-source';

/**
 * Lets a service invoke a function on behalf of one source, as `permission` in `scope`.
 *
 * A function that is called by its alias gets a second permission, `live-permission`. The function's own stays beside
 * it: with the alias just switched on, Terraform would take it away before the source calls the alias.
 * @param statementId names the permission in the function's policy; the alias's gets `Live` behind it. On AWS the two
 * are in policies of their own, on the local engine in one
 * @returns what must exist before the source can call
 */
export function permitInvoke(
  scope: Construct,
  handler: NodeFunction,
  statementId: string,
  { service, sourceArn, sourceAccount }: ServiceSource,
): LambdaPermission[] {
  const permit = (id: string, name: string, qualifier?: string): LambdaPermission =>
    new LambdaPermission(scope, id, {
      statementId: name,
      action: 'lambda:InvokeFunction',
      functionName: handler.function.functionName,
      qualifier,
      principal: service,
      sourceArn,
      sourceAccount,
    });
  const permissions = [permit('permission', statementId)];
  if (handler.qualifier !== undefined) {
    permissions.push(permit('live-permission', `${statementId}Live`, handler.qualifier));
  }
  return permissions;
}
