import { createHash, randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { clientConfig, type Variables } from '../../shared/client-config';
import type { InvokedAnswer } from '../contract';
import type { GuardEnvironment } from '../environment';
import { AnswerNotKept, type Guard, type JobKey } from '../guard';
import { JobTable, type Kept } from '../job-table';

/** The limit of an item is 400 KB, names included. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const MOST_ANSWER_BYTES = 390_000;

/**
 * A guard that keeps completed jobs in a DynamoDB table, and locks running ones until this invocation's time is up.
 * Each job takes two requests: one begins it, and fails if another attempt is running it; one completes it. A failed
 * job is removed.
 * @returns the guard of one invocation
 */
export function dynamoDbGuard(
  { tableName, expiresAfterHours }: GuardEnvironment,
  env: Variables,
): (context: Context) => Guard {
  const client = new DynamoDBClient({
    ...clientConfig(env, 'DYNAMODB'),
    maxAttempts: 3,
    // When an answer is lost silently, time must remain for the next attempt.
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
    accountIdEndpointMode: 'disabled', // the address that the endpoint of a VPC leads to
    endpointDiscoveryEnabled: false,
  });
  const table = new JobTable(client, tableName, expiresAfterHours * 3600);
  return (context) => async (key, work) => {
    const attempt = { id: idOf(key), attempt: randomUUID() };
    const done = await table.begin(attempt, context.getRemainingTimeInMillis());
    if (done !== undefined) return answerOf(done);
    let answer: InvokedAnswer;
    try {
      answer = await work();
    } catch (error) {
      // The error of the work matters more than a failed removal: the lock ends with this invocation's time anyway.
      await table.forget(attempt).catch(() => undefined);
      throw error;
    }
    await table.finish(attempt.id, kept(answer));
    return answer;
  };
}

/** The key of a job in the table; it does not depend on the order of members in objects. */
const idOf = (key: JobKey): string => createHash('sha256').update(canonical(key)).digest('base64');

const canonical = (value: unknown): string => JSON.stringify(value, sorted);

const sorted = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

// As text: DynamoDB has no numbers beyond 38 digits, and the SDK none beyond 2^53.
function kept(answer: InvokedAnswer): Kept {
  const json = JSON.stringify(answer);
  const bytes = Buffer.byteLength(json);
  return bytes > MOST_ANSWER_BYTES ? { bytes } : { json, bytes };
}

function answerOf({ json, bytes }: Kept): InvokedAnswer {
  if (json !== undefined) return JSON.parse(json) as InvokedAnswer;
  throw new AnswerNotKept(
    `This job was done before. Its answer of ${bytes} bytes was not kept: ${MOST_ANSWER_BYTES} fit.`,
  );
}
