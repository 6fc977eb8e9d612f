import type { TerraformStack } from 'cdktf';
import type { Settings } from '../config/settings';
import type { EncryptionKey } from '../constructs/keys/encryption-key';
import { IdempotencyTable } from '../constructs/sources/idempotency-table';
import type { NodeFunction } from '../constructs/function/node-function';
import type { VpcEndpoints } from '../constructs/network/vpc-endpoints';
import type { GuardVariables } from '../handlers/invoked/environment';

interface Parts {
  readonly worker: NodeFunction;
  readonly encryptionKey: EncryptionKey | undefined;
  /** The ways out of the VPC, where there is one. */
  readonly ways: VpcEndpoints | undefined;
}

/** Keeps the worker from doing a job twice, where the settings say so. Call it before the jobs come. */
export function guardJobs(stack: TerraformStack, settings: Settings, parts: Parts): void {
  const { enabled, expiresAfterHours } = settings.jobs.idempotency;
  if (!enabled) return;
  const { worker, encryptionKey, ways } = parts;
  const table = new IdempotencyTable(stack, 'jobs-done', {
    tableName: `${settings.namePrefix}-jobs-done`,
    encryptionKey,
  });
  table.grantUse(worker);
  const variables: Omit<GuardVariables, 'IDEMPOTENCY_TABLE_NAME'> = {
    IDEMPOTENCY_EXPIRES_AFTER_HOURS: String(expiresAfterHours),
  };
  for (const [name, value] of Object.entries(variables)) worker.addEnvironment(name, value);
  ways?.allowTable(worker, table);
}
