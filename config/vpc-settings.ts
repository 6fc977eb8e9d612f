import { z } from 'zod';
import { about } from './about';

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
