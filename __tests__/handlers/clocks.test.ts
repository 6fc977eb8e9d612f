import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import type * as deadlines from '../../handlers/shared/deadline';

/** How many clocks run: a deadline that was begun and not ended. */
let mockRunning = 0;
jest.mock('../../handlers/shared/deadline', () => {
  const actual = jest.requireActual<typeof deadlines>('../../handlers/shared/deadline');
  return {
    ...actual,
    deadline: (remaining: number) => {
      const running = actual.deadline(remaining);
      mockRunning += 1;
      return {
        ...running,
        end: () => {
          mockRunning -= 1;
          running.end();
        },
      };
    },
  };
});

/** Every handler that has a deadline. */
const handlers = readdirSync('handlers')
  .map((name) => path.resolve('handlers', name, 'index.ts'))
  .filter((file) => existsSync(file) && readFileSync(file, 'utf8').includes('deadline('));

const context = {
  functionName: 'f',
  invokedFunctionArn: 'arn',
  getRemainingTimeInMillis: () => 60_000,
} as Context;

beforeAll(() => {
  Object.assign(process.env, {
    UPLOAD_BUCKET: 'bucket',
    UPLOAD_PREFIX: 'uploads/',
    PROCESSED_PREFIX: 'processed/',
    ON_EXISTING: 'replace',
    PROCESS_UPLOAD_FUNCTION_NAME: 'mover',
    OLDER_THAN_MINUTES: '15',
    MAXIMUM_PER_SECOND: '500',
    NOTE_KEY: '.note',
    LOG_LEVEL: 'ERROR',
    POWERTOOLS_DEV: 'true', // prints by the global console
    POWERTOOLS_METRICS_DISABLED: 'true',
    AWS_REGION: 'eu-west-1',
  });
  mockClient(S3Client).onAnyCommand().rejects('no');
  mockClient(LambdaClient).onAnyCommand().rejects('no');
  for (const method of ['log', 'error', 'warn'] as const) {
    jest.spyOn(console, method).mockImplementation(() => undefined);
  }
});

beforeEach(() => {
  mockRunning = 0;
});

describe.each(handlers.map((file) => [path.basename(path.dirname(file)), file]))('%s', (_name, file) => {
  it('leaves no clock running, whether it succeeds or fails', async () => {
    const { handler } = (await import(file)) as {
      handler: (event: unknown, context: Context) => Promise<unknown>;
    };

    for (const event of [{ Records: [] }, 'no event']) await handler(event, context).catch(() => undefined);

    expect(mockRunning).toBe(0);
  });
});

it('there are handlers with a deadline', () => {
  expect(handlers.length).toBeGreaterThan(0);
});
