import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  TrimmedDataAccessException,
  type DynamoDBStreamsClient,
  type StreamRecord,
  type _Record as StreamEvent,
} from '@aws-sdk/client-dynamodb-streams';
import type { LambdaRecord, Stream } from './stream-records';

/** The stream of a DynamoDB table that gives records in the form of Lambda's poller. https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html */
export const dynamoDbStream = (client: Pick<DynamoDBStreamsClient, 'send'>): Stream => ({
  begin: async ({ streamArn, shardId, first }) => {
    try {
      return await iterator(client, {
        StreamArn: streamArn,
        ShardId: shardId,
        ShardIteratorType: 'AT_SEQUENCE_NUMBER',
        SequenceNumber: first,
      });
    } catch (error) {
      if (error instanceof TrimmedDataAccessException) return undefined;
      throw error;
    }
  },
  oldest: ({ streamArn, shardId }) =>
    iterator(client, { StreamArn: streamArn, ShardId: shardId, ShardIteratorType: 'TRIM_HORIZON' }),
  read: async (at, { streamArn }) => {
    const { Records = [], NextShardIterator } = await client.send(
      new GetRecordsCommand({ ShardIterator: at }),
    );
    return {
      records: Records.map((event) => ({
        sequenceNumber: event.dynamodb?.SequenceNumber ?? '',
        record: { ...asLambda(event), eventSourceARN: streamArn },
      })),
      next: NextShardIterator,
    };
  },
});

async function iterator(
  client: Pick<DynamoDBStreamsClient, 'send'>,
  input: ConstructorParameters<typeof GetShardIteratorCommand>[0],
): Promise<string | undefined> {
  const { ShardIterator } = await client.send(new GetShardIteratorCommand(input));
  return ShardIterator;
}

const asLambda = ({ dynamodb = {}, userIdentity, ...event }: StreamEvent): LambdaRecord => ({
  ...event,
  dynamodb: change(dynamodb),
  ...(userIdentity && { userIdentity: { principalId: userIdentity.PrincipalId, type: userIdentity.Type } }),
});

function change({ ApproximateCreationDateTime: at, Keys, NewImage, OldImage, ...rest }: StreamRecord) {
  return {
    ...rest,
    ...(at && { ApproximateCreationDateTime: Math.floor(at.getTime() / 1000) }),
    ...(Keys && { Keys: plain(Keys) }),
    ...(NewImage && { NewImage: plain(NewImage) }),
    ...(OldImage && { OldImage: plain(OldImage) }),
  };
}

/** Attribute values in their form in JSON: the SDK gives binary ones as bytes, JSON holds base64. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
}
