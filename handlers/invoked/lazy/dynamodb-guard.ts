import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import type { Context } from 'aws-lambda';
import { clientConfig, type Variables } from '../../shared/client-config';
import type { InvokedAnswer } from '../contract';
import type { GuardEnvironment } from '../environment';
import { AnswerNotKept, type Guard, type JobKey } from '../guard';

/** An item may have 400 KB, names included. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const MOST_ANSWER_BYTES = 390_000;

/** What is kept of a job that is done: its answer, as JSON has it, unless that is too large. */
interface Kept {
  readonly json?: string;
  readonly bytes: number;
}

/**
 * A guard that keeps in a DynamoDB table what was done, and what is being done until this invocation's time is up.
 * A request to begin a job, which fails where another has begun it, and one to end it. A job that fails is forgotten.
 * https://docs.aws.amazon.com/powertools/typescript/latest/features/idempotency/
 * @returns the guard of one invocation
 */
export function dynamoDbGuard(
  { tableName, expiresAfterHours }: GuardEnvironment,
  env: Variables,
): (context: Context) => Guard {
  const persistenceStore = new DynamoDBPersistenceLayer({
    tableName,
    awsSdkV3Client: new DynamoDBClient({
      ...clientConfig(env, 'DYNAMODB'),
      maxAttempts: 3,
      accountIdEndpointMode: 'disabled', // the address that the endpoint of a VPC leads to
      endpointDiscoveryEnabled: false,
    }),
  });
  return (lambdaContext) => {
    const config = new IdempotencyConfig({
      expiresAfterSeconds: expiresAfterHours * 3600,
      hashFunction: 'sha256', // md5, the default, lets a sender make two jobs that look the same
      lambdaContext,
    });
    return async (key, work) => {
      let fresh: InvokedAnswer | undefined;
      const once = makeIdempotent(
        async (_: JobKey, first: typeof work): Promise<Kept> => kept((fresh = await first())),
        { persistenceStore, config, dataIndexArgument: 0 },
      );
      const found = await once(key, work);
      return fresh ?? answerOf(found);
    };
  };
}

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
