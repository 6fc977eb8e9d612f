import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import * as fc from 'fast-check';
import { readJobs } from '../../../../handlers/shared/jobs';
import { readStreamFailure, type StreamFailure } from '../../../../tools/operate/failures/stream-failure';
import { dynamoDbStream } from '../../../../tools/operate/redrive/dynamodb-stream';
import { kinesisStream } from '../../../../tools/operate/redrive/kinesis-stream';
import { rereadFrom } from '../../../../tools/operate/redrive/reread';
import { asEvents, MOST_BATCH_BYTES, readAgain } from '../../../../tools/operate/redrive/stream-records';
import type { Reread } from '../../../../tools/operate/redrive/dependencies';
import { STREAM_ARN, streamRecord, TABLE_STREAM_ARN } from '../../../support/failure-records';
import { kinesisShard, tableShard } from '../../../support/shard';

const placeOf = (options: Parameters<typeof streamRecord>[0]): StreamFailure => {
  const place = readStreamFailure(streamRecord(options));
  if (!place) throw new Error('The record tells of no stream');
  return place;
};

const unpaced = () => Promise.resolve();

/** Numbers as streams have them: far beyond what a JavaScript number holds. */
const numbered = (index: number): string =>
  String(49_601_189_658_422_359_378_836_298_521_827_638_475n + BigInt(index) * 16n);

const kinesisEntries = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    sequenceNumber: numbered(i),
    data: JSON.stringify({ echo: i }),
  }));

const tableEntries = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    sequenceNumber: numbered(i),
    record: {
      eventID: `event-${i}`,
      eventName: 'INSERT' as const,
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'eu-west-1',
      dynamodb: {
        ApproximateCreationDateTime: new Date('2026-01-01T00:00:00Z'),
        Keys: { id: { S: String(i) } },
        NewImage: {
          id: { S: String(i) },
          blob: { B: new Uint8Array([1, 2, 255]) },
          all: { L: [{ N: '1' }] },
        },
        SequenceNumber: numbered(i),
        SizeBytes: 26,
        StreamViewType: 'NEW_AND_OLD_IMAGES' as const,
      },
    },
  }));

const place = (first: number, last: number, streamArn = STREAM_ARN) =>
  placeOf({ first: numbered(first), last: numbered(last), records: last - first + 1, streamArn });

const reread = rereadFrom(
  { kinesis: kinesisStream(new KinesisClient({})), dynamodb: dynamoDbStream(new DynamoDBStreamsClient({})) },
  unpaced,
);

const eventsOf = (found: Awaited<ReturnType<typeof reread>>) =>
  (found as Reread).events.map((event) => JSON.parse(event) as unknown);

describe('a failed batch of a Kinesis stream, read again', () => {
  it('is the event that Lambda’s poller makes, from the first record to the last', async () => {
    kinesisShard(kinesisEntries(5));

    const found = await reread(place(1, 2));

    expect(found).toMatchObject({ records: 2, expired: false });
    const record = (i: number) => ({
      eventID: `shardId-000000000001:${numbered(i)}`,
      eventName: 'aws:kinesis:record',
      eventSource: 'aws:kinesis',
      eventSourceARN: STREAM_ARN,
      eventVersion: '1.0',
      awsRegion: 'eu-west-1',
      kinesis: {
        kinesisSchemaVersion: '1.0',
        partitionKey: 'p',
        sequenceNumber: numbered(i),
        data: Buffer.from(JSON.stringify({ echo: i })).toString('base64'),
        approximateArrivalTimestamp: 1_767_225_600.987,
      },
    });
    expect(eventsOf(found)).toEqual([{ Records: [record(1), record(2)] }]);
  });

  it('is what the worker reads its jobs from', async () => {
    kinesisShard(kinesisEntries(5));

    const [event] = eventsOf(await reread(place(1, 3)));

    expect(readJobs(event)?.map((job) => job.event())).toEqual([{ echo: 1 }, { echo: 2 }, { echo: 3 }]);
  });
});

describe('a failed batch of a table’s stream, read again', () => {
  it('is the event that Lambda’s poller makes, with binary values in base64', async () => {
    tableShard(tableEntries(3));

    const [event] = eventsOf(await reread(place(1, 1, TABLE_STREAM_ARN)));

    expect(event).toEqual({
      Records: [
        {
          eventID: 'event-1',
          eventName: 'INSERT',
          eventVersion: '1.1',
          eventSource: 'aws:dynamodb',
          eventSourceARN: TABLE_STREAM_ARN,
          awsRegion: 'eu-west-1',
          dynamodb: {
            ApproximateCreationDateTime: 1_767_225_600,
            Keys: { id: { S: '1' } },
            NewImage: { id: { S: '1' }, blob: { B: 'AQL/' }, all: { L: [{ N: '1' }] } },
            SequenceNumber: numbered(1),
            SizeBytes: 26,
            StreamViewType: 'NEW_AND_OLD_IMAGES',
          },
        },
      ],
    });
    expect(readJobs(event)?.map((job) => job.event())).toEqual([{ id: '1', blob: 'AQL/', all: [1] }]);
  });

  it('says that it has expired where the stream refuses to begin there', async () => {
    const { shard } = tableShard(tableEntries(5));
    shard.trim(3);

    await expect(reread(place(0, 1, TABLE_STREAM_ARN))).resolves.toMatchObject({ records: 0, expired: true });
  });
});

describe('reading a batch again', () => {
  it('says what a stream refuses', async () => {
    const { client } = kinesisShard([]);
    client.rejects(Object.assign(new Error('Stream jobs not found'), { name: 'ResourceNotFoundException' }));

    await expect(reread(place(0, 1))).resolves.toEqual({
      refused: 'ResourceNotFoundException: Stream jobs not found',
    });
  });

  it('ends where the last record does not come any more', async () => {
    kinesisShard(kinesisEntries(2));

    await expect(reread(place(0, 9))).resolves.toMatchObject({ records: 2, expired: false });
  });

  it('waits for its pace before each page', async () => {
    const { client } = kinesisShard(kinesisEntries(6));
    const pace = jest.fn(unpaced);

    await readAgain(kinesisStream(new KinesisClient({})), place(0, 5), pace);

    expect(pace).toHaveBeenCalledTimes(3);
    expect(client.calls()).toHaveLength(4);
  });

  it('finds exactly what is left between first and last, however the stream pages, and says what is gone', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          count: fc.integer({ min: 1, max: 30 }),
          ends: fc.tuple(fc.nat(29), fc.nat(29)),
          trimmed: fc.nat(30),
          pageSize: fc.integer({ min: 1, max: 10 }),
          emptyPages: fc.nat(5),
          closed: fc.boolean(),
          table: fc.boolean(),
        }),
        async ({ count, ends, trimmed, table, ...paging }) => {
          const [first = 0, last = 0] = ends.map((end) => end % count).sort((a, b) => a - b);
          const { shard } = table ? tableShard(tableEntries(count)) : kinesisShard(kinesisEntries(count));
          Object.assign(shard, paging);
          shard.trim(Math.min(trimmed, count));

          const found = await reread(place(first, last, table ? TABLE_STREAM_ARN : STREAM_ARN));

          const left = Array.from({ length: last - first + 1 }, (_, i) => first + i).filter(
            (i) => i >= trimmed,
          );
          expect(found).toMatchObject({ records: left.length, expired: first < trimmed });
          const jobs = eventsOf(found).flatMap((event) => readJobs(event) ?? []);
          expect(jobs.map(({ id }) => id)).toEqual(left.map(numbered));
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('asEvents', () => {
  const records = (...sizes: number[]) => sizes.map((size, i) => ({ i, data: 'x'.repeat(size) }));

  it('makes as few events as fit what Lambda accepts, in order', () => {
    const events = asEvents(records(3_000_000, 3_000_000, 3_000_000, 10));

    expect(
      events.map((event) => (JSON.parse(event) as { Records: { i: number }[] }).Records.map(({ i }) => i)),
    ).toEqual([
      [0, 1],
      [2, 3],
    ]);
    for (const event of events) expect(Buffer.byteLength(event)).toBeLessThanOrEqual(MOST_BATCH_BYTES);
  });

  it('makes none of none', () => {
    expect(asEvents([])).toEqual([]);
  });

  it('never makes one that is too large of records that fit', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(60), { minLength: 1 }), (sizes) => {
        const events = asEvents(records(...sizes), 120);

        expect(events.flatMap((event) => (JSON.parse(event) as { Records: unknown[] }).Records)).toEqual(
          records(...sizes),
        );
        for (const event of events) expect(Buffer.byteLength(event)).toBeLessThanOrEqual(120);
      }),
    );
  });
});
