import { readStreamFailure } from '../../../../tools/operate/failures/stream-failure';

const record = (place: Record<string, unknown>) => ({
  requestContext: {
    requestId: 'c9b8fa9f-5a7f-xmpl-af9c-0c604cde93a5',
    functionArn: 'arn:aws:lambda:us-east-2:111122223333:function:worker',
    condition: 'RetryAttemptsExhausted',
    approximateInvokeCount: 1,
  },
  responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
  version: '1.0',
  timestamp: '2026-11-14T00:38:06.021Z',
  ...place,
});

const KINESIS = {
  KinesisBatchInfo: {
    shardId: 'shardId-000000000001',
    startSequenceNumber: '49601189658422359378836298521827638475320189012309704722',
    endSequenceNumber: '49601189658422359378836298522902373528957594348623495186',
    approximateArrivalOfFirstRecord: '2026-11-14T00:38:04.835Z',
    approximateArrivalOfLastRecord: '2026-11-14T00:38:05.580Z',
    batchSize: 500,
    streamArn: 'arn:aws:kinesis:us-east-2:111122223333:stream/jobs',
  },
};

describe('readStreamFailure', () => {
  it('tells shard and sequence range of what Lambda gave up', () => {
    expect(readStreamFailure(record(KINESIS))).toEqual({
      source: 'kinesis',
      streamArn: 'arn:aws:kinesis:us-east-2:111122223333:stream/jobs',
      shardId: 'shardId-000000000001',
      first: '49601189658422359378836298521827638475320189012309704722',
      last: '49601189658422359378836298522902373528957594348623495186',
      records: 500,
      condition: 'RetryAttemptsExhausted',
      arrivedAt: Date.parse('2026-11-14T00:38:04.835Z'),
    });
  });

  it('tells the same of a DynamoDB stream', () => {
    const { KinesisBatchInfo: place } = KINESIS;
    const streamArn = 'arn:aws:dynamodb:us-east-2:111122223333:table/jobs/stream/2026-01-01T00:00:00.000';

    expect(readStreamFailure(record({ DDBStreamBatchInfo: { ...place, streamArn } }))).toMatchObject({
      source: 'dynamodb',
      streamArn,
      records: 500,
    });
  });

  it('does with the little that is needed to find the record', () => {
    const place = { streamArn: 's', shardId: '1', startSequenceNumber: '2' };

    expect(readStreamFailure({ KinesisBatchInfo: place })).toMatchObject({
      first: '2',
      last: '2',
      records: 1,
      arrivedAt: undefined,
    });
  });

  it.each([[{}], [record({})], [{ KinesisBatchInfo: { shardId: '1' } }]])('leaves %j to others', (other) => {
    expect(readStreamFailure(other)).toBeUndefined();
  });
});
