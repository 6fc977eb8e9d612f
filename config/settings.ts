import { z } from 'zod';
import { about, integer, range } from './about';
import { bucket, formerPrefixes, prefixes, refuseBucket } from './bucket-settings';
import { endpoint } from './endpoint-settings';
import { caller, functions, invoked, processUpload, sweep } from './function-settings';
import { refuseConcurrency } from './concurrency';
import { github } from './github-settings';
import { health } from './health-settings';
import { jobs } from './job-settings';
import { onProcessed, refuseOnProcessed } from './processed-settings';
import { encryption } from './release-settings';
import { awsProvider, state } from './terraform-settings';
import { refuseIn } from './refuse';
import { isBucketName, refuseNames } from './names-allowed';
import { refuseUnused, trigger, uploadQueue, uploadRule, uploadTopic } from './trigger-settings';
import { vpc } from './vpc-settings';

/** https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html; which of them exist, the provider knows. */
const REGION =
  /^(?:(?:af|ap|ca|eu|il|me|mx|sa|us)|cn|us-gov|us-iso[a-z]?|eu-isoe|eusc-de)-(?:central|(?:north|south)(?:east|west)?|east|west)-\d$/u;

/** What every service takes; IAM takes the fewest characters. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules */
const TAG_KEY = /^(?!aws:)[\p{L}\p{Zs}\p{N}_.:/=+\-@]{1,128}$/iu;
const TAG_VALUE = /^[\p{L}\p{Zs}\p{N}_.:/=+\-@]{0,256}$/u;

/**
 * Everything a team may set, with units, limits and defaults.
 * `docs/settings.md` is written from this schema (`npm run docs`).
 */
export const settingsSchema = z
  .strictObject({
    region: about(z.string().regex(REGION).default('us-east-1'), {
      description: 'AWS region that everything is deployed to.',
      allowed: 'an AWS region, such as eu-central-1',
    }),
    namePrefix: about(
      z
        .string()
        .regex(/^[a-z][a-z0-9-]{0,26}[a-z0-9]$/u)
        .refine(isBucketName),
      {
        description: 'Start of the name of every resource; two environments in one account need two.',
        allowed:
          '2–28 lower-case letters, digits and hyphens, starting with a letter, not ending with a hyphen, nor starting as S3 reserves it (xn--, sthree-, amzn-s3-demo-)',
      },
    ),
    protected: about(z.boolean().default(false), {
      description:
        'Commands that change something ask for the name of the environment on a terminal, and want --yes without one.',
      allowed: 'true or false',
    }),
    tags: about(
      z
        .record(z.string().regex(TAG_KEY), z.string().regex(TAG_VALUE))
        .refine((tags) => Object.keys(tags).length <= 40)
        .default({}),
      {
        description: 'Tags on every resource (default tags of the provider).',
        allowed:
          'at most 40; keys of 1–128 characters that do not start with aws:, values up to 256; letters, digits, spaces and _ . : / = + - @, which is what IAM takes',
      },
    ),
    packaging: about(z.enum(['archive', 'prebuilt']).default('archive'), {
      description:
        'How a function’s zip is made: by Terraform’s archive provider at plan time, or at build time (needs no archive provider; plan and apply may run on two machines).',
      allowed: 'archive or prebuilt',
    }),
    onExisting: about(z.enum(['replace', 'keepBoth']).default('replace'), {
      description:
        'What happens when the processed object exists with other content: replace keeps the older one as an older version, keepBoth gives the newer one a second name.',
      allowed: 'replace (needs bucket.versioning) or keepBoth',
    }),
    prefixes: prefixes.prefault({}),
    formerPrefixes,
    trigger,
    uploadQueue: uploadQueue.prefault({}),
    uploadRule: uploadRule.prefault({}),
    uploadTopic: uploadTopic.prefault({}),
    onProcessed: onProcessed.prefault({}),
    bucket: bucket.prefault({}),
    failureRetentionDays: about(integer(1, 14).default(14), {
      description: 'How long a record of a failed upload waits in the failure queue for someone to look.',
      unit: 'days',
      allowed: range(1, 14),
    }),
    encryption: encryption.prefault({}),
    functions: functions.prefault({}),
    processUpload: processUpload.prefault({}),
    caller: caller.prefault({}),
    invoked: invoked.prefault({}),
    jobs: jobs.prefault({}),
    endpoint: endpoint.prefault({}),
    vpc: vpc.optional(),
    sweep: sweep.prefault({}),
    health: health.prefault({}),
    github: github.optional(),
    awsProvider: awsProvider.prefault({}),
    state: state.prefault({ type: 'local' }),
  })
  .superRefine((settings, context) => {
    refuseBucket(settings, context);
    refuseNames(settings, refuseIn(context));
    refuseConcurrency(settings, refuseIn(context));
    refuseUnused(settings, refuseIn(context));
    refuseOnProcessed(settings, context);
    const { image } = settings.processUpload;
    // Lambda takes images of its own region alone. https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
    if (image && image.uri.split('.')[3] !== settings.region) {
      context.addIssue({ code: 'custom', path: ['processUpload', 'image', 'uri'], input: image.uri });
    }
  });

/** What an environment gives: only what differs from the defaults. */
export type SettingsInput = z.input<typeof settingsSchema>;

/** Complete, checked settings. */
export type Settings = z.output<typeof settingsSchema>;
