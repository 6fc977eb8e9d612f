import type { PolicyStatement } from './policy';

/** A resource on whose behalf an AWS service sends, so that the service sends for nobody else. */
export interface ServiceSource {
  /** e.g. `s3.amazonaws.com`. */
  readonly service: string;
  readonly sourceArn: string;
  /**
   * The account that the source is in. Needed where the ARN names none (a bucket). Left out for SNS, which is not
   * documented to tell it: the condition would then never hold, and a topic's ARN names the account anyway.
   */
  readonly sourceAccount?: string;
}

/**
 * Lets a service send to a queue or a topic, for one source.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 * @param sid names the statement: letters and digits
 */
export const acceptFrom = (
  sid: string,
  { service, sourceArn, sourceAccount }: ServiceSource,
  action: 'sqs:SendMessage' | 'sns:Publish',
  resource: string,
): PolicyStatement => ({
  sid,
  principal: { Service: service },
  actions: [action],
  resources: [resource],
  conditions: {
    ArnEquals: { 'aws:SourceArn': sourceArn },
    ...(sourceAccount !== undefined && { StringEquals: { 'aws:SourceAccount': sourceAccount } }),
  },
});
