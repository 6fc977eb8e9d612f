import { z } from 'zod';
import { about, integer, range } from './about';

const days = (description: string, fallback: number | null) =>
  about(integer(1, 3650).nullable().default(fallback), {
    description,
    unit: 'days',
    allowed: `${range(1, 3650)}, or null for never`,
  });

const prefix = z
  .string()
  .regex(/^[^/].*\/$/su)
  .refine((value) => Buffer.byteLength(value) <= 512);

/** The upload bucket. */
export const bucket = z.strictObject({
  name: about(
    z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/u)
      .optional(),
    {
      description:
        'Name of the upload bucket. Left out: the name prefix and a suffix that makes it unique, which is what most want.',
      allowed: '3–63 lower-case letters, digits and hyphens, or left out',
    },
  ),
  versioning: about(z.boolean().default(true), {
    description: 'Keeps what an upload or a move replaces or deletes as an older version.',
    allowed: 'true or false; false only with onExisting keepBoth',
  }),
  forceDestroy: about(z.boolean().default(false), {
    description: 'Lets `cdktf destroy` delete the bucket together with everything in it.',
    allowed: 'true or false',
  }),
  abortIncompleteMultipartDays: days('When the parts of an upload that was never completed are deleted.', 7),
  noncurrentVersionDays: days('When an older version of an object is deleted permanently.', 90),
  processedExpirationDays: days('When an object under the processed prefix is deleted.', null),
});

/** Where uploads arrive and where they go. */
export const prefixes = z.strictObject({
  upload: about(z.union([prefix, z.literal('')]).default('uploads/'), {
    description: 'Objects under this prefix are processed; `aws s3 cp` goes here.',
    allowed: 'up to 512 bytes that end with / and do not start with it; empty only with watchWholeBucket',
  }),
  processed: about(prefix.default('processed/'), {
    description: 'Where processed objects are moved; the rest of the key stays as it is.',
    allowed: 'up to 512 bytes that end with / and do not start with it, outside the upload prefix',
  }),
  watchWholeBucket: about(z.boolean().default(false), {
    description:
      'Watches every key (upload prefix empty); what lies under the processed prefix is then ignored.',
    allowed: 'true (with an empty upload prefix) or false',
  }),
});

/** Pairs of before a change of `prefixes`. */
export const formerPrefixes = about(
  z
    .array(z.strictObject({ upload: z.union([prefix, z.literal('')]), processed: prefix }))
    .max(10)
    .default([]),
  {
    description:
      'The pairs of before a change of prefixes, served until nothing is left below them (docs/operations.md): [{ upload: "uploads/", processed: "processed/" }].',
    allowed: 'at most 10 pairs; no upload prefix overlaps with a processed one, of any pair',
  },
);
