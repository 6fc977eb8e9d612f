import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { fields, parsed } from '../shared/fields';
import type { Position } from './sweep';

/** What one sweep tells the next; times are in milliseconds since 1970. docs/adr/0007-sweep-note.md */
export interface Noted extends Position {
  /** When the pass over the bucket began that the next sweep goes on with. */
  readonly began?: number | undefined;
  /** When the last complete pass began. */
  readonly completed?: number | undefined;
}

export interface Note {
  readonly read: () => Promise<Noted>;
  readonly write: (noted: Noted) => Promise<void>;
}

/** A note in an object of the bucket. */
export function s3Note(client: Pick<S3Client, 'send'>, bucket: string, key: string): Note {
  return {
    read: async () => {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return parse((await Body?.transformToString()) ?? '');
      } catch (error) {
        if (error instanceof Error && error.name === 'NoSuchKey') return {};
        throw error;
      }
    },
    write: async (noted) => {
      const body = JSON.stringify(noted);
      await client.send(
        new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: 'application/json' }),
      );
    },
  };
}

/** Leaves out what cannot be read: without a position the sweep begins at the beginning, without a time all is due. */
function parse(json: string): Noted {
  const { after, token, began, completed } = fields(parsed(json));
  return {
    ...(typeof after === 'string' && { after }),
    ...(typeof token === 'string' && { token }),
    ...(typeof began === 'number' && { began }),
    ...(typeof completed === 'number' && { completed }),
  };
}
