import { z } from 'zod';
import { about, number } from './about';

/** The HTTP endpoint. */
export const endpoint = z.strictObject({
  enabled: about(z.boolean().default(false), {
    description: 'Takes jobs for invoked over HTTP: `POST /jobs` answers at once, `POST /jobs/sync` waits.',
    allowed: 'true or false',
  }),
  authorization: about(z.enum(['iam', 'none']).default('iam'), {
    description:
      'Who may send jobs: people and services that sign their requests and have execute-api:Invoke, or anyone at all.',
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
