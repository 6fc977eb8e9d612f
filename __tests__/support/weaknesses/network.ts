import { each, resourcesOf, text, type Check } from './blocks';

/** Every stage says how much it takes: without that, one caller can run up the bill of all. */
const throttled: Check = (synthesized) => {
  const settings = resourcesOf(synthesized, 'aws_api_gateway_method_settings');
  return resourcesOf(synthesized, 'aws_api_gateway_stage')
    .filter(([address, stage]) => {
      const names = [text(stage.stage_name), `\${${address}.stage_name}`];
      const own = settings.filter(([, block]) => names.includes(text(block.stage_name)));
      return !own.some(([, block]) => /"throttling_rate_limit":[1-9]/u.test(text(block.settings)));
    })
    .map(([address]) => `${address}: is not throttled`);
};

const OPEN_CIDR = /"(0\.0\.0\.0\/0|::\/0)"/u;

/** What is reached over the network. */
export const network: readonly Check[] = [
  throttled,
  each('aws_api_gateway_method', ({ authorization, http_method: method }) => {
    return authorization === 'NONE' && method !== 'OPTIONS' && 'is open to anyone';
  }),
  each('aws_api_gateway_method', ({ request_validator_id: validator, http_method: method }) => {
    return method === 'POST' && !validator && 'passes on whatever is sent';
  }),
  each('aws_api_gateway_stage', ({ access_log_settings: logs }) => !logs && 'logs no access'),
  each('aws_vpc_endpoint', ({ policy }) => !policy && 'lets everything in the VPC do everything'),
  each(
    'aws_security_group',
    ({ ingress }) => OPEN_CIDR.test(text(ingress ?? [])) && 'lets the whole internet in',
  ),
  each('aws_vpc_security_group_ingress_rule', ({ cidr_ipv4: v4, cidr_ipv6: v6 }) => {
    return OPEN_CIDR.test(JSON.stringify([v4, v6])) && 'lets the whole internet in';
  }),
];
