import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { DeploymentTarget } from '../base/deployment-target';
import type { Grantee } from '../base/grantee';
import { denyInsecureTransport, policyDocument } from '../base/policy';
import { MAX_MESSAGE_BYTES } from '../failures/failure-queue';
import { queueEncryption, type EncryptionKey } from '../keys/encryption-key';

export interface AnswerQueueProps {
  /** Up to 80 letters, digits, hyphens and underscores. */
  readonly queueName: string;
  /** Encrypts the answers; who reads them must be allowed to use it. @default SQS's own key */
  readonly encryptionKey: EncryptionKey | undefined;
}

/**
 * What a function answered to asynchronous events, for their senders: Lambda’s record of each success. Somebody else
 * reads the queue, so it keeps each message for 14 days, the most that SQS does.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export class AnswerQueue extends Construct {
  readonly queue: SqsQueue;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: AnswerQueueProps,
  ) {
    super(scope, id);
    const { queueName, encryptionKey } = props;
    this.queue = new SqsQueue(this, 'queue', {
      name: queueName,
      maxMessageSize: MAX_MESSAGE_BYTES,
      messageRetentionSeconds: 14 * 86_400,
      ...queueEncryption(encryptionKey),
      policy: policyDocument([
        denyInsecureTransport('sqs:*', [DeploymentTarget.of(this).arn('sqs', queueName)]),
      ]),
    });
  }

  /**
   * Lets `grantee` send its answers here.
   * @returns what must exist before it does
   */
  grantSend(grantee: Grantee): ITerraformDependable {
    this.props.encryptionKey?.grantUse(grantee);
    return grantee.allow('send-answers', [
      { sid: 'SendAnswers', actions: ['sqs:SendMessage'], resources: [this.queue.arn] },
    ]);
  }
}
