import { judge } from '../../../handlers/sweep/judge';
import { sweep, type SweepResult } from '../../../handlers/sweep/sweep';
import type { S3Model } from '../s3-model';
import type { Ask } from './replay';

const PREFIXES = { uploadPrefix: 'uploads/', processedPrefix: 'processed/' };

/** The sweep's own code, from one listing to the last event that it sends. Everything is old enough for it. */
export const sweepOf = (model: S3Model, ask: Ask): Promise<SweepResult> =>
  sweep(
    {
      list: () => ask('ListObjectsV2 uploads/', () => ({ objects: listed(model), next: undefined })),
      judge: (object) => judge('pipeline', object, PREFIXES),
      resubmit: ({ etag }) => ask(`Invoke ${etag}`, () => undefined),
      pace: () => Promise.resolve(),
      now: () => Number.MAX_SAFE_INTEGER,
      mustStop: () => false,
    },
    { olderThanMs: 0 },
  );

const listed = (model: S3Model) =>
  model.keys('uploads/').map((key) => {
    const { etag, size } = model.read(key);
    return { key, etag, size, lastModified: new Date(0) };
  });
