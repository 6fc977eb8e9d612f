import { createHash } from 'node:crypto';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { pairsOf, type Prefixes } from '../process-upload/prefixes';
import { fields, parsed, type Fields } from '../shared/fields';
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

/** Where the note is, and what it is about. */
interface Place {
  readonly bucket: string;
  readonly key: string;
  /** Of the pipeline: a note says nothing of uploads below prefixes that were not looked at then. */
  readonly prefixes: Prefixes;
}

/** A note in an object of the bucket. After a change of prefixes it counts as none. */
export function s3Note(client: Pick<S3Client, 'send'>, { bucket, key, prefixes }: Place): Note {
  const pairs = JSON.stringify(pairsOf(prefixes));
  return {
    read: async () => {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        const note = fields(parsed((await Body?.transformToString()) ?? ''));
        return note.pairs === pairs ? notedIn(note) : {};
      } catch (error) {
        if (error instanceof Error && error.name === 'NoSuchKey') return {};
        throw error;
      }
    },
    write: async (noted) => {
      const body = JSON.stringify({ ...noted, pairs });
      await client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: body,
          ContentType: 'application/json',
          // A bucket that retains every new object takes none without a checksum.
          // https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
          ChecksumSHA256: createHash('sha256').update(body).digest('base64'),
        }),
      );
    },
  };
}

/** Leaves out what cannot be read: without a position the sweep begins at the beginning, without a time all is due. */
function notedIn({ after, token, began, completed }: Fields): Noted {
  return {
    ...(typeof after === 'string' && { after }),
    ...(typeof token === 'string' && { token }),
    ...(typeof began === 'number' && { began }),
    ...(typeof completed === 'number' && { completed }),
  };
}
