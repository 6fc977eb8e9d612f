import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { isFolderMarker } from '../../handlers/process-upload/keys';
import type { Page, Position } from '../../handlers/sweep/sweep';

/** A number of objects, and whether it is all of them. */
export interface Counted {
  readonly number: number;
  /** Only so many were counted: there may be more. */
  readonly atLeast: boolean;
}

/** What a listing holds, without the markers of folders. */
export interface CountedObjects extends Counted {
  /** When the oldest of the counted objects arrived; undefined: there is none. */
  readonly oldest: Date | undefined;
  /** The key of the first of them. */
  readonly example: string | undefined;
}

/** How many pages of a listing are read at most: 20,000 objects. */
const MOST_PAGES = 20;

/**
 * Counts the objects of a listing.
 * @param list a page of it
 * @param start where to begin; undefined: there is nothing to list
 * @param since leaves out what arrived before
 */
export async function countObjects(
  list: (position: Position) => Promise<Page>,
  { start = {}, since = new Date(0) }: { readonly start?: Position | null; readonly since?: Date } = {},
): Promise<CountedObjects> {
  let number = 0;
  let oldest: Date | undefined;
  let example: string | undefined;
  let next: Position | undefined = start ?? undefined;
  for (let page = 0; next !== undefined && page < MOST_PAGES; page += 1) {
    const { objects, next: goesOn }: Page = await list(next);
    for (const { key, size, lastModified } of objects) {
      if (lastModified < since || isFolderMarker(key, size)) continue;
      number += 1;
      example ??= key;
      if (oldest === undefined || lastModified < oldest) oldest = lastModified;
    }
    next = goesOn;
  }
  return { number, atLeast: next !== undefined, oldest, example };
}

/** How many messages a queue holds, approximately. */
export interface Messages {
  readonly visible: number;
  /** Received by someone who has neither deleted them nor given them back. */
  readonly hidden: number;
}

/** @param url the queue's */
export async function countMessages(client: Pick<SQSClient, 'send'>, url: string): Promise<Messages> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return {
    visible: Number(Attributes.ApproximateNumberOfMessages ?? 0),
    hidden: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
  };
}
