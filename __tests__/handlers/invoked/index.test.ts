import type { Context } from 'aws-lambda';
import type { handler as Handler } from '../../../handlers/invoked/index';
import { sqsEvent } from '../../support/routes';

const CONTEXT = { awsRequestId: 'r1', functionName: 'invoked' } as Context;

describe('the shell of invoked', () => {
  let handler: typeof Handler;
  const written: Record<string, unknown>[] = [];

  beforeAll(async () => {
    process.env.LOG_LEVEL = 'INFO';
    process.env.POWERTOOLS_DEV = 'true'; // writes to the console that a test can listen to
    const write = (line: unknown) => written.push(JSON.parse(String(line)) as Record<string, unknown>);
    jest.spyOn(console, 'info').mockImplementation(write);
    jest.spyOn(console, 'error').mockImplementation(write);
    ({ handler } = await import('../../../handlers/invoked/index'));
  });
  afterAll(() => jest.restoreAllMocks());

  it('answers a caller', async () => {
    await expect(handler({ echo: 1 }, CONTEXT)).resolves.toMatchObject({ echo: 1, requestId: 'r1' });
  });

  it('sends the one bad job of a batch of ten back to its queue, and says which and why', async () => {
    const jobs = Array.from({ length: 10 }, (_, i) => (i === 3 ? { fail: 'as asked' } : { echo: i }));

    await expect(handler(sqsEvent(...jobs), CONTEXT)).resolves.toEqual({
      batchItemFailures: [{ itemIdentifier: 'm4' }],
    });
    expect(written).toContainEqual(
      expect.objectContaining({
        message: 'failed',
        jobId: 'm4',
        error: expect.objectContaining({ message: 'as asked' }) as unknown,
      }),
    );
  });

  it('says of a failed job under which correlation ID it ran, and never a previous call’s', async () => {
    const envelope = (correlationId: string, payload: unknown) => ({
      'upload-pipeline/envelope': { correlationId, deadline: 'then' },
      payload,
    });
    await handler(envelope('previous', {}), CONTEXT);
    written.length = 0;

    await handler(sqsEvent(envelope('c1', { fail: 'x' }), { fail: 'y' }, '{'), CONTEXT);

    const failed = written.filter(({ message }) => message === 'failed');
    expect(failed.map(({ jobId, correlationId }) => [jobId, correlationId])).toEqual([
      ['m3', 'm3'], // could not even be read
      ['m1', 'c1'],
      ['m2', 'm2'],
    ]);
    expect(JSON.stringify(written)).not.toContain('previous');
  });

  it('works on each job of a batch under its own correlation ID', async () => {
    written.length = 0;
    const envelope = { 'upload-pipeline/envelope': { correlationId: 'c1' }, payload: {} };

    await handler(sqsEvent(envelope, {}, {}), CONTEXT);

    const working = written.filter(({ message }) => message === 'Working');
    expect(working.map(({ correlationId }) => correlationId).sort()).toEqual(['c1', 'm2', 'm3']);
  });
});
