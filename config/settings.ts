import { z } from 'zod';
import { about, integer, logLevelOf, range } from './about';
import { github } from './github-settings';
import { health } from './health-settings';
import { caller, endpoint, invoked, vpc } from './invoke-settings';
import { jobs, refuseJobs } from './job-settings';
import { isLoopbackUrl } from './loopback';
import { codeSigning, encryption, layers, releaseOf } from './release-settings';
import { state } from './state-settings';
import { sweep } from './sweep-settings';
import { refuseTrigger, trigger, uploadQueue, uploadRule, uploadTopic } from './trigger-settings';

const days = (description: string, fallback: number | null) =>
  about(integer(1, 3650).nullable().default(fallback), {
    description,
    unit: 'days',
    allowed: `${range(1, 3650)}, or null for never`,
  });

/** The retention periods CloudWatch Logs accepts. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const prefix = z
  .string()
  .regex(/^[^/].*\/$/su)
  .refine((value) => Buffer.byteLength(value) <= 512);

/** Values every function has, and which a function of its own may replace. */
const functionDefaults = z.strictObject({
  runtime: about(z.enum(['nodejs20.x', 'nodejs22.x', 'nodejs24.x']).default('nodejs24.x'), {
    description: 'Lambda runtime of every function; nodejs24.x needs AWS provider 6.19 or later.',
    allowed: 'nodejs20.x (deprecated by AWS), nodejs22.x or nodejs24.x',
  }),
  architecture: about(z.enum(['arm64', 'x86_64']).default('arm64'), {
    description: 'Instruction set of every function; the bundles hold no native code, so either works.',
    allowed: 'arm64 or x86_64',
  }),
  logRetentionDays: about(
    z
      .number()
      .refine((value) => LOG_RETENTION_DAYS.includes(value))
      .default(30),
    {
      description: 'How long CloudWatch keeps the log lines of every function.',
      unit: 'days',
      allowed: `one of ${LOG_RETENTION_DAYS.join(', ')}`,
    },
  ),
  layers,
  codeSigning: codeSigning.optional(),
  tracing: about(z.boolean().default(false), {
    description: 'Traces every function with X-Ray, which is billed by trace.',
    allowed: 'true or false',
  }),
});

const processUpload = z.strictObject({
  memorySizeMb: about(integer(128, 10_240).default(512), {
    description: 'Memory of process-upload, which also sets its share of CPU; below 256 it is too tight.',
    unit: 'MB',
    allowed: range(128, 10_240),
  }),
  timeoutSeconds: about(integer(10, 900).default(300), {
    description:
      'How long one event may take; work is given up shortly before, so that the error is the handler’s own.',
    unit: 'seconds',
    allowed: range(10, 900),
  }),
  logLevel: logLevelOf('process-upload'),
  reservedConcurrentExecutions: about(z.int().min(0).optional(), {
    description:
      'Executions of process-upload at a time, taken out of the account’s pool. Left out: the shared pool. 0: it never runs, and every upload goes to the failure queue.',
    unit: 'executions',
    allowed: 'an integer of 0 or more, or left out for the account’s shared pool',
  }),
  maximumRetryAttempts: about(integer(0, 2).default(2), {
    description: 'How often Lambda tries a failed event again before it goes to the failure queue.',
    unit: 'attempts',
    allowed: range(0, 2),
  }),
  maximumEventAgeSeconds: about(integer(60, 21_600).default(21_600), {
    description: 'How long Lambda keeps an event that waits for a free execution or a retry.',
    unit: 'seconds',
    allowed: range(60, 21_600),
  }),
  release: releaseOf('process-upload').prefault({}),
});

const bucket = z.strictObject({
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
  noncurrentVersionDays: days('When an older version of an object is deleted for good.', 90),
  processedExpirationDays: days('When an object under the processed prefix is deleted.', null),
});

const prefixes = z.strictObject({
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

const awsProvider = z.strictObject({
  version: about(z.string().min(1).default('~> 6.25'), {
    description:
      'Version constraint of Terraform’s AWS provider; the environment variable PIPELINE_AWS_PROVIDER_VERSION replaces it.',
    allowed: 'a Terraform version constraint',
  }),
  localEndpoint: about(z.string().refine(isLoopbackUrl).optional(), {
    description:
      'URL of a local engine that answers for AWS; credentials are then test ones. Only the environment `local` sets it.',
    allowed: 'a URL on this machine (127.0.0.0/8, localhost, [::1]), or left out for AWS',
  }),
});

/**
 * Everything a team may set, with units, limits and defaults.
 * `docs/settings.md` is written from this schema (`npm run docs`).
 */
export const settingsSchema = z
  .strictObject({
    region: about(
      z
        .string()
        .regex(/^[a-z]{2}(-[a-z]+)+-\d$/u)
        .default('us-east-1'),
      {
        description: 'AWS region that everything is deployed to.',
        allowed: 'an AWS region, such as eu-central-1',
      },
    ),
    namePrefix: about(z.string().regex(/^[a-z][a-z0-9-]{0,26}[a-z0-9]$/u), {
      description: 'Start of the name of every resource; two environments in one account need two.',
      allowed:
        '2–28 lower-case letters, digits and hyphens, starting with a letter, not ending with a hyphen',
    }),
    tags: about(
      z
        .record(z.string().regex(/^(?!aws:).{1,128}$/u), z.string().max(256))
        .refine((tags) => Object.keys(tags).length <= 40)
        .default({}),
      {
        description: 'Tags on every resource (default tags of the provider).',
        allowed: 'at most 40; keys of 1–128 characters that do not start with aws:, values up to 256',
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
    trigger,
    uploadQueue: uploadQueue.prefault({}),
    uploadRule: uploadRule.prefault({}),
    uploadTopic: uploadTopic.prefault({}),
    bucket: bucket.prefault({}),
    failureRetentionDays: about(integer(1, 14).default(14), {
      description: 'How long a record of a failed upload waits in the failure queue for someone to look.',
      unit: 'days',
      allowed: range(1, 14),
    }),
    encryption: encryption.prefault({}),
    functions: functionDefaults.prefault({}),
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
    if (settings.onExisting === 'replace' && !settings.bucket.versioning) {
      context.addIssue({ code: 'custom', path: ['bucket', 'versioning'], input: false });
    }
    if (settings.prefixes.watchWholeBucket !== (settings.prefixes.upload === '')) {
      context.addIssue({ code: 'custom', path: ['prefixes', 'upload'], input: settings.prefixes.upload });
    }
    refuseTrigger(settings, context);
    refuseJobs(settings, context);
    const { sweep, health } = settings;
    // A single sweep may not have had its turn yet by then: the alarm would go off while all is well.
    if (
      health.enabled &&
      sweep.enabled &&
      health.oldestUploadMinutes <= sweep.everyMinutes + sweep.olderThanMinutes
    ) {
      const path = ['health', 'oldestUploadMinutes'];
      context.addIssue({ code: 'custom', path, input: health.oldestUploadMinutes });
    }
    if (health.enabled && health.failureQueueAgeHours >= settings.failureRetentionDays * 24) {
      const path = ['health', 'failureQueueAgeHours'];
      context.addIssue({ code: 'custom', path, input: health.failureQueueAgeHours });
    }
  });

/** What an environment gives: only what differs from the defaults. */
export type SettingsInput = z.input<typeof settingsSchema>;

/** Complete, checked settings. */
export type Settings = z.output<typeof settingsSchema>;
