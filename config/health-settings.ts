import { z } from 'zod';
import { about, number } from './about';

/** Alarms, dashboard and saved queries. */
export const health = z.strictObject({
  enabled: about(z.boolean().default(true), {
    description:
      'Creates alarms, their topic and its key, a dashboard and saved queries; about 5 USD a month in all.',
    allowed: 'true or false',
  }),
  savedQueries: about(z.boolean().default(true), {
    description: 'Saves the queries of the runbook in CloudWatch Logs Insights.',
    allowed: 'true or false',
  }),
  emails: about(z.array(z.email()).default([]), {
    description: 'Who gets an e-mail about an alarm; each confirms once, by a link in the first e-mail.',
    allowed: 'a list of e-mail addresses',
  }),
  runbookUrl: about(
    z
      .string()
      .regex(/^[^\s#]{1,512}$/u)
      .default('docs/runbook.md'),
    {
      description: 'Where the runbook can be read; alarms and dashboard name it.',
      allowed: 'a path or a URL without spaces and without #',
    },
  ),
  failureQueueDepth: number(0, 1_000_000, 0, {
    description: 'More records than this in the failure queue raise an alarm.',
    unit: 'records',
  }),
  failureQueueAgeHours: number(1, 335, 24, {
    description:
      'A record that waits longer than this in the failure queue raises an alarm; less than failureRetentionDays.',
    unit: 'hours',
  }),
  queueDepth: number(0, 10_000_000, 10_000, {
    description: 'More messages than this in a work queue, such as that of uploads or jobs, raise an alarm.',
    unit: 'messages',
  }),
  waitingMinutes: number(1, 20_160, 60, {
    description:
      'An upload or a job that waits longer than this in its queue, or a stream that is read later, raises an alarm.',
    unit: 'minutes',
  }),
  asyncEventAgePercent: number(1, 99, 50, {
    description:
      'Events that wait for more than this share of their function’s maximum event age raise an alarm.',
    unit: '%',
  }),
  throttles: number(0, 1_000_000, 10, {
    description:
      'More refused invocations of a function than this in five minutes, three times in a row, raise an alarm.',
    unit: 'invocations',
  }),
  errorRatePercent: number(0, 99, 5, {
    description: 'More failed invocations of a function than this share of all raise an alarm.',
    unit: '%',
  }),
  durationPercent: number(1, 99, 80, {
    description:
      'An alarm goes off when the slowest hundredth of a function’s invocations takes more than this share of its timeout.',
    unit: '%',
  }),
  oldestUploadMinutes: number(2, 100_000, 120, {
    description:
      'An upload that the sweep finds waiting for longer than this raises an alarm; more than sweep.everyMinutes and sweep.olderThanMinutes together.',
    unit: 'minutes',
  }),
});
