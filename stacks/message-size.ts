import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import type { TerraformStack } from 'cdktf';
import type { Settings } from '../config/settings';
import { MAX_MESSAGE_BYTES } from '../constructs/failures/failure-queue';

/** Before 6.8 the AWS provider accepts 256 KiB at most for the messages of a queue. */
const OLDER_MAX_MESSAGE_BYTES = 262_144;

/** The largest message that the stack's queues take, in bytes: what its provider, or a local engine's, accepts. */
export const maxMessageBytes = ({ awsProvider }: Pick<Settings, 'awsProvider'>): number =>
  awsProvider.localEndpoint !== undefined || isBefore(awsProvider.version, 6, 8)
    ? OLDER_MAX_MESSAGE_BYTES
    : MAX_MESSAGE_BYTES;

/** Sets the size of every queue below `stack`. */
export function limitMessages(stack: TerraformStack, settings: Settings): void {
  const maxMessageSize = maxMessageBytes(settings);
  for (const construct of stack.node.findAll()) {
    if (construct instanceof SqsQueue) construct.maxMessageSize = maxMessageSize;
  }
}

/** Whether the first version that a constraint names, e.g. `~> 6.25` or `5.100.0`, is older. */
function isBefore(constraint: string, major: number, minor: number): boolean {
  const [, ...numbers] = /(\d+)(?:\.(\d+))?/u.exec(constraint) ?? [];
  const [ofConstraint = major, itsMinor = 0] = numbers.map(Number);
  return ofConstraint < major || (ofConstraint === major && itsMinor < minor);
}
