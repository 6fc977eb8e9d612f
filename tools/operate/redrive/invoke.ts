import { InvokeCommand, type InvokeCommandOutput, type LambdaClient } from '@aws-sdk/client-lambda';
import { fields, parsed } from '../../../handlers/shared/fields';
import { messageOf } from '../../lib/errors';
import type { Dependencies, Refusal } from './dependencies';

/**
 * Sends an event asynchronously. A refusal is an outcome: the record stays in the queue, and the next one may be
 * accepted.
 */
export const asyncInvoke =
  (client: Pick<LambdaClient, 'send'>): Dependencies['invoke'] =>
  async (functionArn, payload) => {
    try {
      const { StatusCode } = await client.send(
        new InvokeCommand({
          FunctionName: functionArn,
          InvocationType: 'Event',
          Payload: Buffer.from(payload),
        }),
      );
      return StatusCode === 202
        ? 'accepted'
        : { refused: `Lambda answered ${StatusCode ?? 'nothing'} instead of 202` };
    } catch (error) {
      return { refused: reasonOf(error) };
    }
  };

/**
 * Sends a batch of a stream and waits, as Lambda's poller does: only the answer says which records were done.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 */
export const callWithBatch =
  (client: Pick<LambdaClient, 'send'>): Dependencies['call'] =>
  async (functionArn, event) => {
    try {
      const request = new InvokeCommand({ FunctionName: functionArn, Payload: Buffer.from(event) });
      return outcomeOf(await client.send(request));
    } catch (error) {
      return { refused: reasonOf(error) };
    }
  };

function outcomeOf({ FunctionError, Payload }: InvokeCommandOutput): 'done' | Refusal {
  const answer = fields(parsed(Payload?.transformToString() ?? ''));
  if (FunctionError !== undefined) {
    return { refused: `the function failed again: ${text(answer.errorType)}: ${text(answer.errorMessage)}` };
  }
  const { batchItemFailures: failed } = answer;
  if (!Array.isArray(failed) || failed.length === 0) return 'done';
  return { refused: 'the function failed again at records of the batch (batchItemFailures): see its log' };
}

/** An error as the report of a redrive counts it. */
export const reasonOf = (error: unknown): string =>
  `${error instanceof Error ? `${error.name}: ` : ''}${messageOf(error)}`;

const text = (value: unknown): string => (typeof value === 'string' ? value : 'no reason given');
