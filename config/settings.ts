import { z } from 'zod';
import { about, integer, range } from './about';
import { bucket, formerPrefixes, prefixes, refuseBucket } from './bucket-settings';
import { endpoint } from './endpoint-settings';
import { caller, functions, invoked, processUpload, sweep } from './function-settings';
import { github } from './github-settings';
import { health } from './health-settings';
import { jobs, refuseJobs } from './job-settings';
import { onProcessed, refuseOnProcessed } from './processed-settings';
import { encryption } from './release-settings';
import { awsProvider, state } from './terraform-settings';
import { refuseTrigger, trigger, uploadQueue, uploadRule, uploadTopic } from './trigger-settings';
import { vpc } from './vpc-settings';

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
    protected: about(z.boolean().default(false), {
      description:
        'Commands that change something ask for the name of the environment on a terminal, and want --yes without one.',
      allowed: 'true or false',
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
    if (settings.prefixes.watchWholeBucket !== (settings.prefixes.upload === '')) {
      context.addIssue({ code: 'custom', path: ['prefixes', 'upload'], input: settings.prefixes.upload });
    }
    refuseTrigger(settings, context);
    refuseJobs(settings, context);
    refuseOnProcessed(settings, context);
    const { image } = settings.processUpload;
    // Lambda takes images of its own region alone. https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
    if (image && image.uri.split('.')[3] !== settings.region) {
      context.addIssue({ code: 'custom', path: ['processUpload', 'image', 'uri'], input: image.uri });
    }
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
