import type { SettingsInput } from '../../config/settings';
import { EVERYTHING, statements, synthPipeline, type Statement } from './synth';

/** Actions by policy, as `write-logs`. */
export type Permissions = Readonly<Record<string, readonly string[]>>;

/** What every function may do: write its own log, and send its failures to the queue. */
export const EVERY_FUNCTION: Permissions = {
  role: ['sts:AssumeRole'],
  'write-logs': ['logs:CreateLogStream', 'logs:PutLogEvents'],
  'send-failures': ['sqs:SendMessage'],
};

/** What the settings of all functions add to it. */
export const WITH_TRACING: Permissions = { trace: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'] };
export const WITH_KEY: Permissions = { 'use-key': ['kms:Decrypt', 'kms:GenerateDataKey'] };
export const WITH_VPC: Permissions = {
  'attach-to-vpc': [
    'ec2:AssignPrivateIpAddresses',
    'ec2:CreateNetworkInterface',
    'ec2:DeleteNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:UnassignPrivateIpAddresses',
  ],
};
export const RECEIVE = ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'];

/** Settings whose options add permissions to every function. */
export const ALL_OPTIONS: SettingsInput = { ...EVERYTHING, jobs: { idempotency: { enabled: true } } };

export const allows = (all: readonly Statement[]): Statement[] =>
  all.filter(({ Effect }) => Effect === 'Allow');

/** `aws_iam_role_policy.process-upload_move-uploads_C70E0188` -> `process-upload_move-uploads`. */
export const policyName = ({ address }: Pick<Statement, 'address'>): string =>
  address.replace(/^[^.]*\./u, '').replace(/_[0-9A-F]{8}$/u, '');

/** What the stack permits in the policies whose names start with `unit_`, action by action. */
export function permissionsOf(unit: string, settings: SettingsInput): Permissions {
  const given: Record<string, string[]> = {};
  for (const statement of allows(statements(synthPipeline(settings)))) {
    const name = policyName(statement);
    if (!name.startsWith(`${unit}_`)) continue;
    (given[name.slice(unit.length + 1)] ??= []).push(...statement.Action);
  }
  return Object.fromEntries(
    Object.entries(given).map(([name, actions]) => [name, [...new Set(actions)].sort()]),
  );
}
