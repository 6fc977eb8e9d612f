import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { messageOf } from '../lib/errors';
import type { World } from './redrive';

/**
 * Sends an event asynchronously. What Lambda refuses is an outcome: the record stays in the queue, and the next one
 * may be accepted.
 */
export const asyncInvoke =
  (client: Pick<LambdaClient, 'send'>): World['invoke'] =>
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
      const name = error instanceof Error ? `${error.name}: ` : '';
      return { refused: `${name}${messageOf(error)}` };
    }
  };
