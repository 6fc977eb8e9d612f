import {
  GetBucketNotificationConfigurationCommand,
  type GetBucketNotificationConfigurationCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { listPage } from '../../../handlers/sweep/s3-listing';
import { countMessages, countObjects, type Counted } from '../../lib/count';
import { md, NOTHING, words, type Markdown } from './markdown';
import {
  blocksOf,
  configurationOf,
  fateOf,
  textOf,
  writtenText,
  type Plan,
  type ResourceChange,
} from './plan';
import { leftBehind } from './prefixes';
import { References } from './references';

/** What the account says of the things that a plan changes; undefined where it could not be asked. */
export interface Account {
  /** How many objects lie below a prefix that the plan leaves behind. */
  readonly below: (prefix: string) => Counted | undefined;
  /** What is in a resource now; continues the sentence. */
  readonly holding: (resource: ResourceChange) => Markdown;
  /** Notifications of a bucket that Terraform does not know and that the plan overwrites. */
  readonly overwritten: (resource: ResourceChange) => readonly string[];
  /** Uploads and failures that wait in what the plan replaces or destroys. */
  readonly waiting: readonly Markdown[];
}

/** Nobody was asked. */
export const NOT_ASKED: Account = {
  below: () => undefined,
  holding: () => NOTHING,
  overwritten: () => [],
  waiting: [],
};

export interface Clients {
  readonly s3: () => Pick<S3Client, 'send'>;
  readonly sqs: () => Pick<SQSClient, 'send'>;
}

/** Asks the account about what a plan puts at risk, and about nothing else; it changes nothing. */
export async function askAccount(plan: Plan, clients: Clients): Promise<Account> {
  const bucket = outputOf(plan, 'upload_bucket');
  const below = (prefix: string, of = bucket): Promise<Counted | undefined> =>
    tried(() => countObjects((position) => listPage({ client: clients.s3(), bucket: of, prefix }, position)));
  const prefixes = new Map<string, Counted | undefined>();
  const held = new Map<string, Markdown>();
  const overwritten = new Map<string, readonly string[]>();
  for (const { prefix } of leftBehind(plan)) {
    if (!prefixes.has(prefix)) prefixes.set(prefix, await below(prefix));
  }
  for (const resource of plan.resource_changes ?? []) {
    const { address, type, change } = resource;
    const ends = change.actions.includes('delete');
    if (ends && type === 'aws_s3_bucket') {
      held.set(address, objects(await below('', textOf(change.before?.bucket))));
    }
    if (ends && type === 'aws_sqs_queue') {
      held.set(address, await messages(clients, textOf(change.before?.url ?? change.before?.id)));
    }
    if (type === 'aws_s3_bucket_notification' && change.after !== null) {
      overwritten.set(address, (await tried(() => strangers(plan, resource, clients))) ?? []);
    }
  }
  const stops = (plan.resource_changes ?? []).some(
    ({ type, change }) => type === 'aws_lambda_function' && change.actions.includes('delete'),
  );
  return {
    below: (prefix) => prefixes.get(prefix),
    holding: ({ address }) => held.get(address) ?? NOTHING,
    overwritten: ({ address }) => overwritten.get(address) ?? [],
    waiting: stops ? await waiting(plan, clients, below) : [],
  };
}

const outputOf = (plan: Plan, name: string): string => textOf(plan.output_changes?.[name]?.before);

/** Without credentials, as in a review of a plan's file, the number is what is missing, not the review. */
async function tried<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch {
    return undefined;
  }
}

/** What waits for a function that ends: a new one has to find it. */
async function waiting(
  plan: Plan,
  clients: Clients,
  below: (prefix: string) => Promise<Counted | undefined>,
): Promise<Markdown[]> {
  const [bucket, queue] = [outputOf(plan, 'upload_bucket'), outputOf(plan, 'failure_queue_url')];
  const uploads = bucket === '' ? undefined : await below(outputOf(plan, 'upload_prefix'));
  return [
    ...(bucket === '' ? [] : [md`bucket ${bucket}: uploads that wait${objects(uploads)}`]),
    ...(queue === ''
      ? []
      : [md`failure queue ${queue.replace(/^.*\//su, '')}: records${await messages(clients, queue)}`]),
  ];
}

async function messages(clients: Clients, url: string): Promise<Markdown> {
  const found = await tried(() => countMessages(clients.sqs(), url));
  if (found === undefined) return words(' (how many, the queue could not be asked)');
  const number = found.visible + found.hidden;
  return words(` (about ${number} ${number === 1 ? 'message' : 'messages'} now)`);
}

/** How many objects, in brackets. */
export function objects(counted: Counted | undefined): Markdown {
  if (counted === undefined) return words(' (how many objects, the bucket could not be asked)');
  const { number, atLeast } = counted;
  const many = `${number}${atLeast ? ' or more' : ''}`;
  return words(` (${many} ${many === '1' ? 'object' : 'objects'})`);
}

/**
 * The notifications that a bucket has and the plan's resource neither had nor will have: a bucket has one
 * configuration, and writing it replaces all of it.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html
 */
async function strangers(plan: Plan, resource: ResourceChange, clients: Clients): Promise<string[]> {
  const { before, after } = resource.change;
  const written = new References(plan).resolve(
    writtenText(configurationOf(plan, resource), ['bucket']) ?? '',
    resource.address,
  );
  const bucket = textOf(after?.bucket) || textOf(before?.bucket) || written;
  const isNew = (plan.resource_changes ?? []).some(
    (other) =>
      other.type === 'aws_s3_bucket' &&
      fateOf(other) === 'created' &&
      (other.change.after?.bucket === bucket || bucket.includes(other.address)),
  );
  if (isNew || bucket === '' || bucket.startsWith('${')) return [];
  const found: GetBucketNotificationConfigurationCommandOutput = await clients
    .s3()
    .send(new GetBucketNotificationConfigurationCommand({ Bucket: bucket }));
  const ours = ['lambda_function', 'queue', 'topic']
    .flatMap((name) => [...blocksOf(before?.[name]), ...blocksOf(after?.[name])])
    .flatMap(({ id, lambda_function_arn: a, queue_arn: b, topic_arn: c }) => [id, a, b, c].map(textOf));
  const theirs = [
    ...(found.LambdaFunctionConfigurations ?? []).map(({ Id, LambdaFunctionArn: to }) => ({ Id, to })),
    ...(found.QueueConfigurations ?? []).map(({ Id, QueueArn: to }) => ({ Id, to })),
    ...(found.TopicConfigurations ?? []).map(({ Id, TopicArn: to }) => ({ Id, to })),
  ]
    .filter(({ Id = '', to = '' }) => !ours.includes(Id) && !ours.includes(to))
    .map(({ Id = '', to = '' }) => `${Id} to ${to}`);
  const bridge =
    found.EventBridgeConfiguration !== undefined &&
    before?.eventbridge !== true &&
    after?.eventbridge !== true;
  return bridge ? [...theirs, 'EventBridge'] : theirs;
}
