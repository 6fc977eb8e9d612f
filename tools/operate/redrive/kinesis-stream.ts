import { GetRecordsCommand, GetShardIteratorCommand, type KinesisClient } from '@aws-sdk/client-kinesis';
import type { StreamFailure } from '../failures/stream-failure';
import type { Stream } from './stream-records';

/** A Kinesis stream that gives records in the form of Lambda's poller. https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html */
export const kinesisStream = (client: Pick<KinesisClient, 'send'>): Stream => ({
  // Kinesis does not say that a number has expired: it begins with its oldest record.
  begin: ({ streamArn, shardId, first }) =>
    iterator(client, {
      StreamARN: streamArn,
      ShardId: shardId,
      ShardIteratorType: 'AT_SEQUENCE_NUMBER',
      StartingSequenceNumber: first,
    }),
  oldest: ({ streamArn, shardId }) =>
    iterator(client, { StreamARN: streamArn, ShardId: shardId, ShardIteratorType: 'TRIM_HORIZON' }),
  read: async (at, place) => {
    const { Records = [], NextShardIterator } = await client.send(
      new GetRecordsCommand({ ShardIterator: at, StreamARN: place.streamArn }),
    );
    return {
      records: Records.map(({ SequenceNumber = '', PartitionKey, Data, ApproximateArrivalTimestamp }) => ({
        sequenceNumber: SequenceNumber,
        record: {
          ...common(place),
          eventID: `${place.shardId}:${SequenceNumber}`,
          kinesis: {
            kinesisSchemaVersion: '1.0',
            partitionKey: PartitionKey,
            sequenceNumber: SequenceNumber,
            data: Buffer.from(Data ?? []).toString('base64'),
            ...(ApproximateArrivalTimestamp && {
              approximateArrivalTimestamp: ApproximateArrivalTimestamp.getTime() / 1000,
            }),
          },
        },
      })),
      next: NextShardIterator,
    };
  },
});

async function iterator(
  client: Pick<KinesisClient, 'send'>,
  input: ConstructorParameters<typeof GetShardIteratorCommand>[0],
): Promise<string | undefined> {
  const { ShardIterator } = await client.send(new GetShardIteratorCommand(input));
  return ShardIterator;
}

/** All but `invokeIdentityArn`, the role that the poller reads with: a redrive has none. */
const common = ({ streamArn }: StreamFailure) => ({
  eventSource: 'aws:kinesis',
  eventVersion: '1.0',
  eventName: 'aws:kinesis:record',
  awsRegion: streamArn.split(':')[3],
  eventSourceARN: streamArn,
});
