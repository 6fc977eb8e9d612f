import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';

/** What is kept of a job that is done: its answer as JSON, unless that is too large. */
export interface Kept {
  readonly json?: string;
  readonly bytes: number;
}

/** One attempt at one job. */
export interface Attempt {
  /** The job's. */
  readonly id: string;
  /** No other attempt's, of whichever invocation. */
  readonly attempt: string;
}

/** Another attempt works on the job at this moment: its source tries again. */
export class JobInProgressError extends Error {
  override readonly name = 'JobInProgressError';
}

/** The names of an item's attributes; `expiration` is the one by which the table forgets. */
const NAMES = {
  '#id': 'id',
  '#attempt': 'attempt',
  '#until': 'in_progress_until',
  '#json': 'json',
  '#bytes': 'bytes',
  '#expiration': 'expiration',
};
type Placeholder = keyof typeof NAMES;

/** DynamoDB refuses a request that defines a name and does not use it. */
const names = (...used: Placeholder[]) => Object.fromEntries(used.map((name) => [name, NAMES[name]]));

/** The jobs that are done, and those that are being worked on until their attempt's time is up. */
export class JobTable {
  constructor(
    private readonly client: Pick<DynamoDBClient, 'send'>,
    private readonly tableName: string,
    private readonly expiresAfterSeconds: number,
  ) {}

  /**
   * Begins a job. The SDK sends a request again whose answer was lost, and then meets what it has written itself: the
   * attempt's own identity tells that from another attempt's.
   * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html
   * @returns undefined: it has begun; what is kept where it is done
   * @throws {JobInProgressError} where another attempt works on it
   */
  async begin({ id, attempt }: Attempt, remainingMilliseconds: number): Promise<Kept | undefined> {
    const now = Date.now();
    const item = {
      id: { S: id },
      attempt: { S: attempt },
      in_progress_until: { N: String(now + remainingMilliseconds) },
      expiration: this.expiration(now),
    };
    try {
      await this.client.send(
        new PutItemCommand({
          TableName: this.tableName,
          Item: item,
          ConditionExpression:
            'attribute_not_exists(#id) OR #expiration < :now OR (attribute_not_exists(#bytes) AND #until < :now_ms)',
          ExpressionAttributeNames: names('#id', '#expiration', '#bytes', '#until'),
          ExpressionAttributeValues: { ':now': { N: String(now / 1000) }, ':now_ms': { N: String(now) } },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return undefined;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) {
        // Nobody knows whether the job is begun now. What is left behind would block every attempt until its time is up.
        await this.forget({ id, attempt }).catch(() => undefined);
        throw error;
      }
      const { attempt: owner, json, bytes } = error.Item ?? {};
      if (owner?.S === attempt) return undefined;
      if (bytes?.N !== undefined) {
        return { bytes: Number(bytes.N), ...(json?.S !== undefined && { json: json.S }) };
      }
      throw new JobInProgressError(
        `Another attempt works on this job (${id}) at this moment. It is tried again, and done then unless that attempt has done it.`,
      );
    }
  }

  /** Keeps that a job is done, whichever attempt is noted: done is done. */
  async finish(id: string, { json, bytes }: Kept): Promise<void> {
    const set = [
      '#bytes = :bytes',
      '#expiration = :expiration',
      ...(json === undefined ? [] : ['#json = :json']),
    ];
    await this.client.send(
      new UpdateItemCommand({
        TableName: this.tableName,
        Key: { id: { S: id } },
        UpdateExpression: `SET ${set.join(', ')}`,
        ExpressionAttributeNames: names(
          '#bytes',
          '#expiration',
          ...(json === undefined ? [] : ['#json' as const]),
        ),
        ExpressionAttributeValues: {
          ':bytes': { N: String(bytes) },
          ':expiration': this.expiration(Date.now()),
          ...(json !== undefined && { ':json': { S: json } }),
        },
      }),
    );
  }

  /** Forgets a job that failed, unless a later attempt has begun it. */
  async forget({ id, attempt }: Attempt): Promise<void> {
    try {
      await this.client.send(
        new DeleteItemCommand({
          TableName: this.tableName,
          Key: { id: { S: id } },
          ConditionExpression: '#attempt = :attempt',
          ExpressionAttributeNames: names('#attempt'),
          ExpressionAttributeValues: { ':attempt': { S: attempt } },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  /** In seconds since 1970, as a time to live is. */
  private readonly expiration = (now: number) => ({
    N: String(Math.round(now / 1000) + this.expiresAfterSeconds),
  });
}
