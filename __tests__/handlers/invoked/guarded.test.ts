import type { Context } from 'aws-lambda';
import type { handler as Handler } from '../../../handlers/invoked/index';
import { DynamoDbModel } from '../../support/dynamodb-model';
import { sqsEvent, sqsRecord } from '../../support/routes';

const context = (awsRequestId: string) =>
  ({ awsRequestId, functionName: 'invoked', getRemainingTimeInMillis: () => 30_000 }) as Context;

describe('the shell of invoked, guarded', () => {
  let handler: typeof Handler;
  let table: DynamoDbModel;
  const worked: unknown[] = [];

  beforeAll(async () => {
    process.env.LOG_LEVEL = 'INFO';
    process.env.AWS_REGION = 'eu-west-1';
    process.env.IDEMPOTENCY_TABLE_NAME = 'jobs-done';
    process.env.IDEMPOTENCY_EXPIRES_AFTER_HOURS = '1';
    process.env.POWERTOOLS_DEV = 'true'; // writes to the console that a test can listen to
    jest.spyOn(console, 'info').mockImplementation((line: unknown) => worked.push(line));
    jest.spyOn(console, 'error').mockImplementation(() => undefined);
    table = new DynamoDbModel();
    ({ handler } = await import('../../../handlers/invoked/index'));
  });
  beforeEach(() => {
    worked.length = 0;
    table.items.clear();
  });
  afterAll(() => {
    table.restore();
    jest.restoreAllMocks();
  });

  it('works once on an event that Lambda tries again', async () => {
    const first = await handler({ echo: 1 }, context('r1'));

    await expect(handler({ echo: 1 }, context('r1'))).resolves.toEqual(first);
    expect(worked).toHaveLength(1);
  });

  it('works on an event again that somebody else sends', async () => {
    await handler({ echo: 1 }, context('r1'));
    await handler({ echo: 1 }, context('r2'));

    expect(worked).toHaveLength(2);
  });

  it('takes a message for done that comes a second time', async () => {
    for (const requestId of ['r1', 'r2']) {
      await expect(handler(sqsEvent({ echo: 1 }, { echo: 2 }), context(requestId))).resolves.toEqual({
        batchItemFailures: [],
      });
    }
    expect(worked).toHaveLength(2);
  });

  it('takes a message for done whose answer was too large to keep', async () => {
    const large = sqsEvent({ echo: 'x'.repeat(400_000) });
    await handler(large, context('r1'));

    await expect(handler(large, context('r2'))).resolves.toEqual({ batchItemFailures: [] });
    expect(worked).toHaveLength(1);
  });

  it('sends the one of two equal jobs in a batch back that finds the other begun', async () => {
    const job = { 'upload-pipeline/envelope': { correlationId: 'c1' }, payload: { sleepMs: 20 } };
    const batch = { Records: ['m1', 'm2'].map((id) => sqsRecord(id, JSON.stringify(job))) };

    await expect(handler(batch, context('r1'))).resolves.toEqual({
      batchItemFailures: [{ itemIdentifier: 'm2' }],
    });
    await expect(handler({ Records: batch.Records.slice(1) }, context('r2'))).resolves.toEqual({
      batchItemFailures: [],
    });
    expect(worked).toHaveLength(1);
  });
});
