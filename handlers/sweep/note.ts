import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';

/** Where the next sweep goes on. docs/adr/0007-sweep-note.md */
export interface Note {
  /** The last key that was dealt with; undefined: begin at the beginning. */
  readonly read: () => Promise<string | undefined>;
  readonly write: (after: string | undefined) => Promise<void>;
}

/** A note in an object of the bucket. */
export function s3Note(client: Pick<S3Client, 'send'>, bucket: string, key: string): Note {
  return {
    read: async () => {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return parse((await Body?.transformToString()) ?? '');
      } catch (error) {
        if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
        throw error;
      }
    },
    write: async (after) => {
      const body = JSON.stringify({ after: after ?? null });
      await client.send(
        new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: 'application/json' }),
      );
    },
  };
}

/** Whatever cannot be read begins at the beginning: nothing is forgotten that way. */
function parse(text: string): string | undefined {
  try {
    const { after } = JSON.parse(text) as { after?: unknown };
    return typeof after === 'string' ? after : undefined;
  } catch {
    return undefined;
  }
}
