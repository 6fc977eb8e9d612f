import type { Grant } from './grants';
import type { Reason } from './least-privilege';

const of =
  (pattern: RegExp) =>
  ({ role, policy, action, resource }: Grant): boolean =>
    pattern.test(`${role} ${policy} ${action} ${resource}`);

/** Why a permission that can be taken away unnoticed on the engine is granted: the one list of them. */
export const REASONS: readonly Reason[] = [
  {
    of: of(/ write-logs logs:(CreateLogStream|PutLogEvents) /u),
    why: 'Lambda writes the log in the role’s name; the engine’s asks no permission',
  },
  {
    of: of(/ trace xray:/u),
    why: 'Lambda sends traces in the role’s name; the engine sends none',
  },
  {
    of: of(/ send-failures sqs:SendMessage /u),
    why: 'Lambda and EventBridge Scheduler send failures in the role’s name; the engine’s ask no permission',
  },
  {
    of: of(/ (receive|read)-\S+ (sqs|kinesis|dynamodb):/u),
    why: 'Lambda’s poller reads queues and streams in the role’s name; the engine’s asks no permission',
  },
  {
    of: of(/^(jobs|job-schedule) invoke-\S+ lambda:InvokeFunction /u),
    why: 'API Gateway and EventBridge Scheduler invoke in the role’s name; the engine’s ask no permission',
  },
  {
    of: of(/ use-key kms:(Decrypt|GenerateDataKey) /u),
    why: 'S3, SQS, DynamoDB and Lambda ask the key in the role’s name; the engine’s do not',
  },
  {
    of: of(/^process-upload move-uploads s3:ListBucket /u),
    why: 'tells a missing key from a forbidden one; the engine answers 404 without it too',
  },
  {
    of: of(/^process-upload move-uploads s3:(Get|Put)ObjectTagging /u),
    why: 'a copy takes tags along; the engine does not ask for it',
  },
  {
    of: of(/^process-upload move-uploads s3:\w+Annotations? /u),
    why: 'a copy takes annotations along; the engine does not ask for it',
  },
  {
    of: of(/^process-upload move-uploads s3:GetObject \S+\/processed\//u),
    why: 'compares what the destination holds; the engine ignores the condition of a copy that leads there',
  },
  {
    of: of(/^invoked \S+ dynamodb:DeleteItem /u),
    why: 'forgets a job that failed, so that its retry need not wait; the handler tells the job’s error, not this one’s',
  },
  {
    of: of(/^process-upload move-uploads s3:AbortMultipartUpload /u),
    why: 'only where the copy of an object over 5 GB fails',
  },
];
