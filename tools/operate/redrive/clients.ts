import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { clientConfig } from '../../lib/clients';

/** The clients of a redrive. */
export function redriveClients(settings: { readonly region: string }) {
  const config = clientConfig(settings);
  const lambda = new LambdaClient(config);
  return {
    sqs: new SQSClient(config),
    lambda,
    /** Sends once: a call repeated after a lost answer would run the function again. */
    caller: new LambdaClient({ ...config, maxAttempts: 1 }),
    // Over HTTP/1.1, as the others: an engine has no HTTP/2.
    kinesis: new KinesisClient({ ...config, requestHandler: lambda.config.requestHandler }),
    dynamodb: new DynamoDBStreamsClient(config),
  };
}

/** How many records to receive at a time: no more than can be sent in half of the time they are hidden. */
export const batchFor = (ratePerSecond: number, holdSeconds: number): number =>
  Math.max(1, Math.min(10, Math.floor((ratePerSecond * holdSeconds) / 2)));
