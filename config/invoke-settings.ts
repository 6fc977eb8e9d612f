import { z } from 'zod';
import { about, logLevelOf, number } from './about';
import { releaseOf } from './release-settings';

/** What the two functions of the caller/invoked pair have in common. */
const functionOf = (name: string, timeoutSeconds: number) => ({
  memorySizeMb: number(128, 10_240, 256, {
    description: `Memory of ${name}, which also sets its share of CPU.`,
    unit: 'MB',
  }),
  timeoutSeconds: number(1, 900, timeoutSeconds, {
    description: `How long one call of ${name} may take.`,
    unit: 'seconds',
  }),
  logLevel: logLevelOf(name),
  reservedConcurrentExecutions: about(z.int().min(0).optional(), {
    description: `Executions of ${name} at a time, taken out of the account’s pool; \`npm run doctor\` tells whether they fit. Left out: the shared pool. 0: it never runs.`,
    unit: 'executions',
    allowed: 'an integer of 0 or more, or left out for the account’s shared pool',
  }),
  maximumRetryAttempts: number(0, 2, 2, {
    description: `How often Lambda tries a failed asynchronous call of ${name} again before it goes to the failure queue.`,
    unit: 'attempts',
  }),
  maximumEventAgeSeconds: number(60, 21_600, 21_600, {
    description: `How long Lambda keeps an asynchronous call of ${name} that waits for a free execution or a retry.`,
    unit: 'seconds',
  }),
  release: releaseOf(name).prefault({}),
});

/** The function that calls the other. Its time should exceed the callee's, or it never learns how a slow call ended. */
export const caller = z.strictObject(functionOf('caller', 60));

/** The function that is called, by the other and by the HTTP endpoint. */
export const invoked = z.strictObject(functionOf('invoked', 30));

/** The HTTP endpoint. */
export const endpoint = z.strictObject({
  enabled: about(z.boolean().default(false), {
    description: 'Takes jobs for invoked over HTTP: `POST /jobs` answers at once, `POST /jobs/sync` waits.',
    allowed: 'true or false',
  }),
  authorization: about(z.enum(['iam', 'none']).default('iam'), {
    description: 'Who may send jobs: whoever signs as someone with execute-api:Invoke, or anyone at all.',
    allowed: 'iam, or none for an endpoint that is open to the internet',
  }),
  throttlingRateLimit: number(1, 10_000, 10, {
    description: 'Jobs that each of the two paths takes in the long run; more are answered with 429.',
    unit: 'requests a second',
  }),
  throttlingBurstLimit: number(1, 5_000, 20, {
    description: 'Jobs that each of the two paths takes at once.',
    unit: 'requests',
  }),
});

const idsOf = (kind: string, description: string) =>
  about(z.array(z.string().regex(new RegExp(`^${kind}-[0-9a-f]{8,17}$`, 'u'))).min(1), {
    description,
    allowed: `one id or more, such as ${kind}-0123456789abcdef0`,
  });

/** The VPC that the functions run in, where they run in one. */
export const vpc = z.strictObject({
  vpcId: about(z.string().regex(/^vpc-[0-9a-f]{8,17}$/u), {
    description:
      'VPC that process-upload, caller and invoked run in, with nothing to reach but this bucket and each other; without `vpc` they run in Lambda’s own network. docs/invoking.md',
    allowed: 'an id such as vpc-0123456789abcdef0',
  }),
  subnetIds: idsOf('subnet', 'Private subnets for the functions and the endpoints, one a zone.'),
  routeTableIds: idsOf('rtb', 'Route tables of these subnets; they get the way to S3.'),
  logsEndpoint: about(z.boolean().default(false), {
    description:
      'An endpoint for CloudWatch Logs too, for code that calls its API; Lambda’s own log lines need none.',
    allowed: 'true or false',
  }),
});
