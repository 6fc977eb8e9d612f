import { GetFunctionConcurrencyCommand, InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { uploadEvent, type ListedObject } from '../shared/upload-event';

/** Has the mover look at an object, asynchronously; resolves when Lambda has accepted the event (202). */
export async function resubmit(
  client: Pick<LambdaClient, 'send'>,
  functionName: string,
  bucket: string,
  object: ListedObject,
  abortSignal?: AbortSignal,
): Promise<void> {
  const { StatusCode } = await client.send(
    new InvokeCommand({
      FunctionName: functionName,
      InvocationType: 'Event',
      Payload: Buffer.from(JSON.stringify(uploadEvent(bucket, object))),
    }),
    { abortSignal },
  );
  if (StatusCode !== 202) throw new Error(`Lambda answered ${StatusCode ?? 'nothing'} instead of 202`);
}

/** Whether a function's reserved concurrency is 0: each event that is sent to it then fails at once. */
export async function isStopped(client: Pick<LambdaClient, 'send'>, functionName: string): Promise<boolean> {
  // The function has one; an alias, as in NAME:live, has none.
  const [name] = functionName.split(':');
  const answer = await client.send(new GetFunctionConcurrencyCommand({ FunctionName: name }));
  return answer.ReservedConcurrentExecutions === 0;
}
