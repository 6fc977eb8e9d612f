import type { TerraformStack } from 'cdktf';
import type { NodeFunction } from '../../constructs/function/node-function';
import type { EnvironmentVariables } from '../../handlers/caller/environment';
import { maxMessageBytes } from '../message-size';
import { addFunction, type Shared } from '../shared';

/** Calls `invoked`, and waits for its answer or not: how one function calls another, docs/invoking.md. */
export function addCaller(stack: TerraformStack, shared: Shared, invoked: NodeFunction): void {
  const { settings, network } = shared;
  const caller = addFunction<EnvironmentVariables, 'INVOKED_FUNCTION_NAME'>(stack, shared, 'caller', {
    ...settings.caller,
    description: `Calls ${settings.namePrefix}-invoked, and waits for its answer or not`,
    environment: { FAILURE_MESSAGE_BYTES: String(maxMessageBytes(settings)) },
    vpc: settings.vpc,
  });
  invoked.grantInvoke(caller);
  network?.allowInvoke(caller, invoked);
}
