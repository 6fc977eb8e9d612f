import type { Settings } from '../../../config/settings';
import { unanswered, valueOf, type Ask } from './aws-cli';
import { failure, ok, type Check } from './check';

type Vpc = NonNullable<Settings['vpc']>;

/** An endpoint, as `ec2 describe-vpc-endpoints` tells it. */
interface Endpoint {
  readonly VpcEndpointId: string;
  readonly ServiceName: string;
  readonly VpcEndpointType: string;
  readonly PrivateDnsEnabled?: boolean;
  readonly RouteTableIds?: readonly string[];
  readonly PolicyDocument?: string;
}

/** Looks for what stands in the way of the endpoints that the stack makes in a VPC. */
export async function checkVpc(vpc: Vpc, settings: Settings, ask: Ask): Promise<Check[]> {
  const what = 'VPC';
  const answer = await ask(['ec2', 'describe-vpc-endpoints', '--filters', `Name=vpc-id,Values=${vpc.vpcId}`]);
  const unknown = unanswered(what, answer, 'ec2:DescribeVpcEndpoints and ec2:DescribeVpcAttribute');
  if (unknown) return [unknown];
  const { VpcEndpoints: endpoints = [] } = valueOf(answer) as { VpcEndpoints?: Endpoint[] };
  const conflicts = endpoints.flatMap((endpoint) => conflictOf(endpoint, vpc, settings));
  return [
    conflicts.length === 0 ? ok(what, `${vpc.vpcId}, no other endpoint in the way`) : undefined,
    ...conflicts,
    ...(await checkDns(vpc, ask)),
  ].filter((check) => check !== undefined);
}

/** The services that the stack makes endpoints for. */
const madeFor = ({ existingEndpoints = {}, logsEndpoint }: Vpc, { jobs }: Settings): string[] =>
  [
    existingEndpoints.lambda === undefined && 'lambda',
    logsEndpoint && existingEndpoints.logs === undefined && 'logs',
    existingEndpoints.s3 !== true && 's3',
    jobs.idempotency.enabled && existingEndpoints.dynamodb !== true && 'dynamodb',
  ].filter((service) => service !== false);

/** A VPC takes one endpoint with private DNS for a service, and a route table one way to S3 or DynamoDB. */
function conflictOf(endpoint: Endpoint, vpc: Vpc, settings: Settings): Check[] {
  const service = endpoint.ServiceName.split('.').at(-1) ?? '';
  const { namePrefix } = settings;
  // Ours admits our functions' roles by name.
  if (endpoint.PolicyDocument?.includes(`:role/${namePrefix}-`) === true) return [];
  if (!madeFor(vpc, settings).includes(service)) return [];
  const taken =
    endpoint.VpcEndpointType === 'Gateway'
      ? (endpoint.RouteTableIds ?? []).some((table) => vpc.routeTableIds.includes(table))
      : endpoint.PrivateDnsEnabled === true;
  if (!taken) return [];
  return [
    failure(
      'VPC',
      `${endpoint.VpcEndpointId} is an endpoint for ${service} already`,
      `AWS refuses a second one. Name it in vpc.existingEndpoints.${service}, or give the project a VPC of its own.`,
    ),
  ];
}

/** Private DNS needs both. https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html */
async function checkDns(vpc: Vpc, ask: Ask): Promise<Check[]> {
  if (vpc.existingEndpoints?.lambda !== undefined) return [];
  const attributes = ['EnableDnsSupport', 'EnableDnsHostnames'];
  const off = await Promise.all(
    attributes.map(async (name) => {
      const attribute = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
      const answer = await ask([
        ...['ec2', 'describe-vpc-attribute', '--vpc-id', vpc.vpcId],
        ...['--attribute', attribute],
      ]);
      const value = valueOf(answer) as Record<string, { Value?: boolean }>;
      return value[name]?.Value === false ? [attribute] : [];
    }),
  );
  return off
    .flat()
    .map((attribute) =>
      failure(
        'VPC',
        `${attribute} is off in ${vpc.vpcId}`,
        `Endpoints with private DNS need it: aws ec2 modify-vpc-attribute --vpc-id ${vpc.vpcId} --${attribute.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)}`,
      ),
    );
}
