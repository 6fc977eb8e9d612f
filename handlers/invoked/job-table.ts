import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';

/** A completed job: its answer as JSON, unless that is too large. */
export interface Kept {
  readonly json?: string;
  readonly bytes: number;
}

/** One attempt at one job. */
export interface Attempt {
  /** The identity of the job. */
  readonly id: string;
  /** Unique to this attempt across all invocations. */
  readonly attempt: string;
}

/** Another attempt is running the job; its source retries it later. */
export class JobInProgressError extends Error {
  override readonly name = 'JobInProgressError';
}

/** The names of an item's attributes; `expiration` is the time-to-live attribute. */
const NAMES = {
  '#id': 'id',
  '#attempt': 'attempt',
  '#until': 'in_progress_until',
  '#json': 'json',
  '#bytes': 'bytes',
  '#expiration': 'expiration',
};
type Placeholder = keyof typeof NAMES;

/** Only the names that an expression uses: DynamoDB refuses a request with an unused name. */
const names = (...used: Placeholder[]) => Object.fromEntries(used.map((name) => [name, NAMES[name]]));

/** The table of completed jobs and of running ones, each locked until the time of its attempt is up. */
export class JobTable {
  constructor(
    private readonly client: Pick<DynamoDBClient, 'send'>,
    private readonly tableName: string,
    private readonly expiresAfterSeconds: number,
  ) {}

  /**
   * Begins a job. When an answer is lost, the SDK repeats the request and finds the item that it wrote itself: the
   * identity of the attempt tells it from the item of another attempt.
   * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html
   * @returns undefined if the job has begun; the kept answer if it is completed
   * @throws {JobInProgressError} if another attempt is running it
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
        // The write may have succeeded. An item that stays would block every attempt until its time is up.
        await this.forget({ id, attempt }).catch(() => undefined);
        throw error;
      }
      const { attempt: owner, json, bytes } = error.Item ?? {};
      if (owner?.S === attempt) return undefined;
      if (bytes?.N !== undefined) {
        return { bytes: Number(bytes.N), ...(json?.S !== undefined && { json: json.S }) };
      }
      throw new JobInProgressError(
        `Another attempt is running this job (${id}). The source retries it; the retry runs the job only if that attempt fails.`,
      );
    }
  }

  /** Records a job as completed, even if another attempt holds the lock. */
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

  /** Removes a failed job, unless a later attempt has begun it. */
  async forget({ id, attempt }: Attempt): Promise<void> {
    try {
      await this.client.send(
        new DeleteItemCommand({
          TableName: this.tableName,
          Key: { id: { S: id } },
          ConditionExpression: '#attempt = :attempt AND attribute_not_exists(#bytes)',
          ExpressionAttributeNames: names('#attempt', '#bytes'),
          ExpressionAttributeValues: { ':attempt': { S: attempt } },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  /** Seconds since 1970, the unit of a DynamoDB time to live. */
  private readonly expiration = (now: number) => ({
    N: String(Math.round(now / 1000) + this.expiresAfterSeconds),
  });
}
