import { is, isForeign, isNothing, isOff, isOn, isOther, isPublicRange, isSet, looksLike } from '../rules';
import type { Types } from './facts';

const IN = 'it lets addresses of the internet in';
const OUT = 'it lets traffic out to the internet';
const PORTS = ['from_port', 'to_port'];

const GROUP: Types[string] = {
  noun: 'security group',
  exposes: [
    ...['cidr_blocks', 'ipv6_cidr_blocks'].flatMap((ranges) => [
      { at: `ingress.${ranges}`, if: isPublicRange, says: IN },
      { at: `egress.${ranges}`, if: isPublicRange, says: OUT },
    ]),
    { at: 'ingress.prefix_list_ids', if: isSet, says: 'it lets a list of addresses in' },
  ],
};

const HTTPS_ONLY = looksLike(/^(?:HTTPS|TLS|GENEVE)$/u);

/** Networks, and what is reached over them: endpoints, load balancers, APIs, names. */
export const NETWORK: Types = {
  aws_default_network_acl: {},
  aws_default_route_table: {},
  aws_default_security_group: GROUP,
  aws_security_group: GROUP,
  aws_security_group_rule: {
    noun: 'security group rule',
    exposes: ['cidr_blocks', 'ipv6_cidr_blocks'].flatMap((at) => [
      { at, if: isPublicRange, and: { type: is('ingress') }, says: IN, with: PORTS },
      { at, if: isPublicRange, and: { type: is('egress') }, says: OUT, with: PORTS },
    ]),
  },
  aws_vpc_security_group_ingress_rule: {
    noun: 'ingress rule',
    exposes: [
      ...['cidr_ipv4', 'cidr_ipv6'].map((at) => ({ at, if: isPublicRange, says: IN, with: PORTS })),
      { at: 'prefix_list_id', if: isSet, says: 'it lets a list of addresses in', with: PORTS },
    ],
  },
  aws_vpc_security_group_egress_rule: {
    noun: 'egress rule',
    exposes: ['cidr_ipv4', 'cidr_ipv6'].map((at) => ({ at, if: isPublicRange, says: OUT, with: PORTS })),
  },
  aws_network_acl: {
    exposes: ['cidr_block', 'ipv6_cidr_block'].map((at) => ({
      at: `ingress.${at}`,
      if: isPublicRange,
      says: IN,
    })),
  },
  aws_network_acl_rule: {
    exposes: ['cidr_block', 'ipv6_cidr_block'].map((at) => ({
      at,
      if: isPublicRange,
      and: { egress: isOff, rule_action: looksLike(/^allow$/iu) },
      says: IN,
      with: PORTS,
    })),
  },
  aws_eip: { noun: 'public address' },
  aws_eip_association: { opens: 'it has an address on the internet' },
  aws_egress_only_internet_gateway: { opens: 'the VPC reaches the internet' },
  aws_internet_gateway: { opens: 'the VPC reaches the internet, and is reached from it' },
  aws_nat_gateway: { opens: 'the subnets that route to it reach the internet' },
  aws_network_interface: {},
  aws_route: {
    exposes: [
      { at: 'gateway_id', if: looksLike(/^igw-/u), says: 'it leads to the internet' },
      { at: 'vpc_peering_connection_id', if: isSet, says: 'it leads to another VPC' },
      { at: 'transit_gateway_id', if: isSet, says: 'it leads to other networks' },
    ],
  },
  aws_route_table: {
    exposes: [{ at: 'route.gateway_id', if: looksLike(/^igw-/u), says: 'it leads to the internet' }],
  },
  aws_route_table_association: {},
  aws_subnet: {
    exposes: [
      { at: 'map_public_ip_on_launch', if: isOn, says: 'what starts in it has an address on the internet' },
    ],
  },
  aws_vpc: {},
  aws_vpc_dhcp_options: {},
  aws_vpc_endpoint: { noun: 'VPC endpoint', isFilter: true },
  aws_vpc_endpoint_policy: {
    noun: 'policy of VPC endpoint',
    subject: ['VPC endpoint', 'vpc_endpoint_id'],
    isFilter: true,
  },
  aws_vpc_endpoint_route_table_association: {},
  aws_vpc_endpoint_security_group_association: {},
  aws_vpc_endpoint_service: {
    exposes: [{ at: 'acceptance_required', if: is(false), says: 'connections are accepted unasked' }],
  },
  aws_vpc_endpoint_service_allowed_principal: { opens: 'another account may connect' },
  aws_vpc_endpoint_subnet_association: {},
  aws_vpc_peering_connection: { opens: 'another VPC is connected' },
  aws_vpc_peering_connection_accepter: { opens: 'another VPC is connected' },
  aws_lb: {
    noun: 'load balancer',
    loses: [
      {
        at: 'enable_deletion_protection',
        if: isOff,
        says: 'is no longer protected against deletion',
        byChoice: true,
      },
    ],
    exposes: [{ at: 'internal', if: is(false), says: 'it has an address on the internet' }],
  },
  aws_lb_listener: {
    noun: 'listener',
    exposes: [
      {
        at: 'protocol',
        if: (value, context) => isSet(value, context) && !HTTPS_ONLY(value, context),
        says: 'connections are not encrypted',
      },
    ],
  },
  aws_lb_listener_rule: {},
  aws_lb_target_group: {},
  aws_lb_target_group_attachment: {},
  aws_cloudfront_distribution: {
    opens: 'it answers on the internet',
    exposes: [
      {
        at: 'default_cache_behavior.viewer_protocol_policy',
        if: is('allow-all'),
        says: 'connections are not encrypted',
      },
      { at: 'web_acl_id', if: isNothing, says: 'no firewall stands before it', byChoice: true },
    ],
  },
  aws_cloudfront_origin_access_control: {},
  aws_route53_record: { noun: 'DNS record' },
  aws_route53_zone: {
    noun: 'DNS zone',
    holds: 'its records',
    loses: [{ at: 'force_destroy', if: isOn, says: 'may be deleted with all its records from now on' }],
  },
  aws_wafv2_ip_set: {},
  aws_wafv2_web_acl: {
    noun: 'web ACL',
    exposes: [{ at: 'rule.action.count', if: isSet, says: 'a rule counts and lets through', byChoice: true }],
  },
  aws_wafv2_web_acl_association: {
    gone: { exposes: 'no firewall stands before it' },
    protects: 'resource_arn',
  },
  aws_api_gateway_account: {},
  aws_api_gateway_api_key: {},
  aws_api_gateway_authorizer: {},
  aws_api_gateway_base_path_mapping: {},
  aws_api_gateway_deployment: {},
  aws_api_gateway_domain_name: {
    exposes: [{ at: 'security_policy', if: is('TLS_1_0'), says: 'old TLS is accepted' }],
  },
  aws_api_gateway_gateway_response: {},
  aws_api_gateway_integration: {
    noun: 'API integration',
    exposes: [{ at: 'tls_config.insecure_skip_verification', if: isOn, says: 'any certificate is trusted' }],
  },
  aws_api_gateway_integration_response: {},
  aws_api_gateway_method: {
    noun: 'API method',
    exposes: [
      {
        at: 'authorization',
        if: is('NONE'),
        and: { api_key_required: isOff },
        says: 'anyone may call it: authorization is NONE',
      },
      {
        at: 'authorization',
        if: is('NONE'),
        and: { api_key_required: isOn },
        says: 'an API key is all that it takes to call it',
        byChoice: true,
      },
    ],
  },
  aws_api_gateway_method_response: {},
  aws_api_gateway_method_settings: {
    noun: 'API method settings',
    exposes: [
      {
        at: 'settings.throttling_rate_limit',
        if: (value) => !(typeof value === 'number' && value > 0),
        says: 'calls are not throttled',
      },
      { at: 'settings.data_trace_enabled', if: isOn, says: 'requests and responses are written to the log' },
    ],
    gone: { exposes: 'calls are no longer throttled' },
    protects: 'rest_api_id',
  },
  aws_api_gateway_model: {},
  aws_api_gateway_request_validator: {},
  aws_api_gateway_resource: {},
  aws_api_gateway_rest_api: { noun: 'REST API', mirrors: ['policy'] },
  aws_api_gateway_rest_api_policy: {
    subject: ['REST API', 'rest_api_id'],
    gone: { exposes: 'its policy refuses nobody any more' },
    protects: 'rest_api_id',
  },
  aws_api_gateway_stage: {
    noun: 'API stage',
    exposes: [
      {
        at: 'access_log_settings.destination_arn',
        if: isNothing,
        says: 'calls are not logged',
        byChoice: true,
      },
    ],
  },
  aws_api_gateway_usage_plan: {},
  aws_api_gateway_usage_plan_key: {},
  aws_apigatewayv2_api: {
    noun: 'HTTP API',
    exposes: [
      {
        at: 'cors_configuration.allow_origins',
        if: is('*'),
        says: 'any web site may call it from a browser',
        byChoice: true,
      },
    ],
  },
  aws_apigatewayv2_authorizer: {},
  aws_apigatewayv2_integration: {},
  aws_apigatewayv2_route: {
    exposes: [
      {
        at: 'authorization_type',
        if: (value, context) => isNothing(value, context) || value === 'NONE',
        and: { api_key_required: isOff },
        says: 'anyone may call it: authorization is NONE',
      },
    ],
  },
  aws_apigatewayv2_stage: {},
  aws_transfer_server: {
    exposes: [{ at: 'endpoint_type', if: isOther('VPC'), says: 'it answers on the internet' }],
  },
  aws_transfer_user: { opens: 'a person or program may transfer files' },
  aws_ec2_managed_prefix_list: {
    exposes: [{ at: 'entry.cidr', if: isPublicRange, says: 'it holds addresses of the internet' }],
  },
  aws_ec2_transit_gateway_vpc_attachment: {
    exposes: [{ at: 'transit_gateway_id', if: isForeign, says: 'other networks are connected' }],
  },
};
