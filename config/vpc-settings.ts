import { z } from 'zod';
import { about } from './about';

const idsOf = (kind: string, description: string) =>
  about(z.array(z.string().regex(new RegExp(`^${kind}-[0-9a-f]{8,17}$`, 'u'))).min(1), {
    description,
    allowed: `one id or more, such as ${kind}-0123456789abcdef0`,
  });

const interfaceEndpoint = (service: string) =>
  about(
    z
      .string()
      .regex(/^sg-[0-9a-f]{8,17}$/u)
      .optional(),
    {
      description: `The security group of the VPC’s own endpoint for ${service} with private DNS, which must let the functions in on port 443; a VPC takes no second one.`,
      allowed: 'an id such as sg-0123456789abcdef0; left out: an endpoint is made where one is needed',
    },
  );

const gatewayEndpoint = (service: string) =>
  about(z.boolean().optional(), {
    description: `Whether the route tables lead to ${service} already; its endpoint is then used as it is, and its policy must admit the functions.`,
    allowed: 'true, or left out: an endpoint is made where one is needed',
  });

/** The VPC that the functions run in, where they run in one. */
export const vpc = z.strictObject({
  vpcId: about(z.string().regex(/^vpc-[0-9a-f]{8,17}$/u), {
    description:
      'VPC that process-upload, caller and invoked run in, with nothing to reach but this bucket and each other; one of its own, or one with vpc.existingEndpoints, for endpoints that are made here answer for the whole VPC. Without `vpc` they run in Lambda’s own network. docs/invoking.md',
    allowed: 'an id such as vpc-0123456789abcdef0',
  }),
  subnetIds: idsOf('subnet', 'Private subnets for the functions and the endpoints, one a zone.'),
  routeTableIds: idsOf('rtb', 'Route tables of these subnets; they get the way to S3.'),
  existingEndpoints: z
    .strictObject({
      lambda: interfaceEndpoint('Lambda'),
      logs: interfaceEndpoint('CloudWatch Logs'),
      s3: gatewayEndpoint('S3'),
      dynamodb: gatewayEndpoint('DynamoDB'),
    })
    .optional(),
  logsEndpoint: about(z.boolean().default(false), {
    description:
      'An endpoint for CloudWatch Logs too, for code that calls its API; Lambda’s own log lines need none.',
    allowed: 'true or false',
  }),
});
