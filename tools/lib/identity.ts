import { clientConfig } from './clients';

/** Who makes the calls of a command. */
export interface Identity {
  readonly account: string;
  /** The ARN of the user or the assumed role. */
  readonly arn: string;
}

/** Asks STS, which needs no permission. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export async function identify(region: string): Promise<Identity> {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  const { Account = '', Arn = '' } = await new STSClient(clientConfig({ region })).send(
    new GetCallerIdentityCommand({}),
  );
  return { account: Account, arn: Arn };
}
