import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type AttributeValue,
  type PutItemCommandInput,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';

type Item = Record<string, AttributeValue>;

/** Items of a table may have 400 KB. */
const MOST_BYTES = 409_600;

/** A table with the key `id`, in memory: it honours conditions as DynamoDB does, and answers when it is let. */
export class DynamoDbModel {
  readonly items = new Map<string, Item>();
  /** The names of the requests, in their order. */
  readonly requests: string[] = [];
  /** Holds a request back. @default nothing is held back */
  turn: () => Promise<void> = () => Promise.resolve();
  /** Thrown instead of an answer, by the name of the request. */
  readonly failures = new Map<string, Error>();
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
      this.answer('DeleteItem', ({ Key }: { Key: Item }) => {
        this.items.delete(idOf(Key));
      }),
    );
    this.mock
      .on(GetItemCommand)
      .callsFake(this.answer('GetItem', ({ Key }: { Key: Item }) => ({ Item: this.items.get(idOf(Key)) })));
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
      return act(input) ?? {};
    };
  }

  private put(input: PutItemCommandInput): void {
    const item = input.Item ?? {};
    const old = this.items.get(idOf(item));
    if (!holds(old, input)) {
      throw new ConditionalCheckFailedException({
        message: 'The conditional request failed',
        $metadata: {},
        ...(input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && old && { Item: old }),
      });
    }
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

/** Whether a condition holds: terms joined by AND, and those by OR. */
function holds(item: Item | undefined, input: PutItemCommandInput): boolean {
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
