import { z } from 'zod';
import { isBucketName } from './names-allowed';
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

/** A bucket that exists, and stays its owner's. */
const existing = z.strictObject({
  name: about(z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/u), {
    description:
      'A bucket that exists, of this account and region: the stack makes no bucket and changes nothing of this one; `npm run doctor` tells what it lacks. docs/adopting.md',
    allowed: 'the name of a bucket; without bucket.existing the stack makes one',
  }),
  kmsKeyArn: about(
    z
      .string()
      .regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/u)
      .optional(),
    {
      description:
        'The KMS key that encrypts the objects of bucket.existing; the output bucket_key_policy holds the statement that its own policy may need.',
      allowed:
        'the ARN of a key of this region, not of an alias, or left out where S3’s own key encrypts them',
    },
  ),
  versioned: about(z.boolean(), {
    description: 'Whether the owner keeps older versions in bucket.existing.',
    allowed: 'true or false; false only with onExisting keepBoth',
  }),
});

/** The upload bucket. */
export const bucket = z.strictObject({
  name: about(
    z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/u)
      .refine(isBucketName)
      .optional(),
    {
      description:
        'Name of the upload bucket. Left out: the name prefix and a suffix that makes it unique, which is what most want.',
      allowed:
        '3–63 lower-case letters, digits and hyphens, a letter or a digit first and last, without the starts and ends that S3 reserves, or left out; left out with bucket.existing',
    },
  ),
  versioning: about(z.boolean().default(true), {
    description:
      'Keeps what an upload or a move replaces or deletes as an older version; bucket.existing has its owner’s.',
    allowed: 'true or false; false only with onExisting keepBoth',
  }),
  forceDestroy: about(z.boolean().default(false), {
    description: 'Lets `cdktf destroy` delete the bucket together with everything in it.',
    allowed: 'true or false; false with bucket.existing, which a destroy leaves as it is',
  }),
  abortIncompleteMultipartDays: days('When the parts of an upload that was never completed are deleted.', 7),
  noncurrentVersionDays: days('When an older version of an object is deleted permanently.', 90),
  processedExpirationDays: about(integer(1, 3650).nullable().default(null), {
    description: 'When an object under the processed prefix is deleted.',
    unit: 'days',
    allowed: `${range(1, 3650)}, or null for never; null with bucket.existing, whose lifecycle is its owner’s`,
  }),
  existing: existing.optional(),
});

interface BucketSettings {
  readonly bucket: z.output<typeof bucket>;
  readonly region: string;
  readonly trigger: string;
}

/** Refuses what is wrong only together. */
export function refuseBucket(settings: BucketSettings, context: z.core.$RefinementCtx): void {
  const { existing, ...own } = settings.bucket;
  const refuse = (path: string, input: unknown): void => {
    context.addIssue({ code: 'custom', path: path.split('.'), input });
  };
  if (existing === undefined) return;
  if (settings.trigger !== 'eventbridge') refuse('trigger', settings.trigger);
  if (own.name !== undefined) refuse('bucket.name', own.name);
  if (own.forceDestroy) refuse('bucket.forceDestroy', true);
  if (own.processedExpirationDays !== null) {
    refuse('bucket.processedExpirationDays', own.processedExpirationDays);
  }
  const { kmsKeyArn } = existing;
  if (kmsKeyArn !== undefined && kmsKeyArn.split(':')[3] !== settings.region) {
    refuse('bucket.existing.kmsKeyArn', kmsKeyArn);
  }
}

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
