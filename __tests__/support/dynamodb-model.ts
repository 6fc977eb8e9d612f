import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DeleteItemCommandInput,
  type PutItemCommandInput,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';

type Item = Record<string, AttributeValue>;

/** Items of a table may have 400 KB. */
const MOST_BYTES = 409_600;

/** How often the SDK sends a request in all. */
const SDK_ATTEMPTS = 3;

/** A table with the key `id`, in memory: it honours conditions as DynamoDB does, and answers when it is let. */
export class DynamoDbModel {
  readonly items = new Map<string, Item>();
  /** The names of the requests, in their order. */
  readonly requests: string[] = [];
  /** Holds a request back. @default nothing is held back */
  turn: () => Promise<void> = () => Promise.resolve();
  /** Thrown instead of an answer, by the name of the request. */
  readonly failures = new Map<string, Error>();
  /** Of how many attempts of the SDK the answer is lost, by the name of the request: each takes effect all the same. */
  readonly lost = new Map<string, number>();
  private readonly mock = mockClient(DynamoDBClient);

  constructor() {
    this.mock.on(PutItemCommand).callsFake(
      this.answer('PutItem', (input: PutItemCommandInput) => {
        this.put(input);
      }),
    );
    this.mock.on(UpdateItemCommand).callsFake(
      this.answer('UpdateItem', (input: UpdateItemCommandInput) => {
        this.update(input);
      }),
    );
    this.mock.on(DeleteItemCommand).callsFake(
      this.answer('DeleteItem', ({ Key = {}, ...input }: DeleteItemCommandInput) => {
        requireThat(this.items.get(idOf(Key)), input);
        this.items.delete(idOf(Key));
      }),
    );
  }

  restore(): void {
    this.mock.restore();
  }

  private answer<Input>(name: string, act: (input: Input) => unknown) {
    return async (input: Input): Promise<unknown> => {
      this.requests.push(name);
      await this.turn();
      const failure = this.failures.get(name);
      if (failure) throw failure;
      // The SDK sends a request again whose answer was lost; what the first one did, the second one meets.
      for (let attempt = 1; attempt <= (this.lost.get(name) ?? 0); attempt += 1) {
        await Promise.resolve(input)
          .then(act)
          .catch(() => undefined);
        if (attempt === SDK_ATTEMPTS)
          throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
      }
      return act(input) ?? {};
    };
  }

  private put(input: PutItemCommandInput): void {
    const item = input.Item ?? {};
    requireThat(this.items.get(idOf(item)), input);
    this.store(item);
  }

  private update({
    Key = {},
    UpdateExpression = '',
    ExpressionAttributeNames,
    ExpressionAttributeValues,
  }: UpdateItemCommandInput): void {
    const changed: Item = { ...(this.items.get(idOf(Key)) ?? Key) };
    for (const assignment of UpdateExpression.replace(/^SET /u, '').split(', ')) {
      const [name = '', value = ''] = assignment.split(' = ');
      const attribute = ExpressionAttributeValues?.[value];
      if (!attribute) throw new Error(`The model does not know ${assignment}`);
      changed[ExpressionAttributeNames?.[name] ?? name] = attribute;
    }
    this.store(changed);
  }

  private store(item: Item): void {
    if (Buffer.byteLength(JSON.stringify(item)) > MOST_BYTES + 10_000) throw new Error('ValidationException');
    this.items.set(idOf(item), item);
  }
}

const idOf = ({ id }: Item): string => id?.S ?? '';

type Conditional = Pick<
  PutItemCommandInput,
  | 'ConditionExpression'
  | 'ExpressionAttributeNames'
  | 'ExpressionAttributeValues'
  | 'ReturnValuesOnConditionCheckFailure'
>;

/** @throws what DynamoDB throws where the condition of a request does not hold */
function requireThat(old: Item | undefined, input: Conditional): void {
  if (holds(old, input)) return;
  throw new ConditionalCheckFailedException({
    message: 'The conditional request failed',
    $metadata: {},
    ...(input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && old && { Item: old }),
  });
}

/** Whether a condition holds: terms joined by AND, and those by OR. */
function holds(item: Item | undefined, input: Conditional): boolean {
  const { ConditionExpression = '', ExpressionAttributeNames = {}, ExpressionAttributeValues = {} } = input;
  const attribute = (name: string): AttributeValue | undefined =>
    item?.[ExpressionAttributeNames[name] ?? name];
  const term = (text: string): boolean => {
    const [, not, name = ''] = /^attribute_(not_)?exists\((#\w+)\)$/u.exec(text) ?? [];
    if (name !== '') return (attribute(name) === undefined) === (not !== undefined);
    const [, left = '', operator, right = ''] = /^(#\w+) ([<=]) (:\w+)$/u.exec(text) ?? [];
    const [one, other] = [attribute(left), ExpressionAttributeValues[right]];
    if (operator === undefined || !other) throw new Error(`The model does not know ${text}`);
    if (!one) return false;
    return operator === '<' ? Number(one.N) < Number(other.N) : one.S === other.S;
  };
  return ConditionExpression.split(' OR ').some((one) =>
    one
      .replace(/^\(|\)$/gu, (bracket) => (one.startsWith('(') ? '' : bracket))
      .split(' AND ')
      .every(term),
  );
}
