import { is, isAnybodys, isForeign, isNothing, isOff, isOn, isOther, isSet, looksLike } from '../rules';
import type { Types } from './facts';

/** Functions, programs, and what invokes them. */
export const COMPUTE: Types = {
  aws_lambda_alias: { noun: 'alias' },
  aws_lambda_code_signing_config: {
    noun: 'code signing',
    exposes: [
      {
        at: 'policies.untrusted_artifact_on_deployment',
        if: isOther('Enforce'),
        says: 'unsigned code is deployed with a warning only',
        byChoice: true,
      },
    ],
  },
  aws_lambda_event_source_mapping: {
    noun: 'event source mapping',
    keeps: [{ at: 'maximum_record_age_in_seconds', perDay: 86_400, zero: 'for ever' }],
    loses: [
      {
        at: 'destination_config.on_failure.destination_arn',
        if: isNothing,
        says: 'drops what fails for the last time',
        byChoice: true,
      },
      { at: 'enabled', if: is(false), says: 'reads no more: what it leaves expires' },
      { at: 'filter_criteria.filter.pattern', if: isSet, says: 'drops what passes no filter' },
    ],
    exposes: [{ at: 'event_source_arn', if: isForeign, says: 'it reads from another account' }],
  },
  aws_lambda_function: {
    noun: 'function',
    exposes: [
      {
        at: 'kms_key_arn',
        if: isOff,
        says: 'environment variables are not encrypted with your own key',
        byChoice: true,
      },
      {
        at: 'code_signing_config_arn',
        if: isOff,
        says: 'code is not checked for a signature',
        byChoice: true,
      },
      { at: 'layers', if: isForeign, says: 'it runs code of another account' },
      {
        at: 'environment.variables.NODE_OPTIONS',
        if: looksLike(/--(?:require|import|loader|inspect|eval)|(?:^|\s)-r\s/u),
        says: 'other code runs before the handler',
      },
      {
        at: 'environment.variables.AWS_LAMBDA_EXEC_WRAPPER',
        if: isSet,
        says: 'another program runs before the handler',
      },
      {
        at: 'environment.variables.NODE_TLS_REJECT_UNAUTHORIZED',
        if: is('0'),
        says: 'it trusts any certificate',
      },
      {
        at: 'vpc_config.subnet_ids',
        if: isNothing,
        says: 'it is in no VPC: it reaches the internet',
        byChoice: true,
      },
    ],
    loses: [
      {
        at: 'dead_letter_config.target_arn',
        if: isNothing,
        says: 'has no dead-letter queue',
        byChoice: true,
      },
      {
        at: 'reserved_concurrent_executions',
        if: is(0),
        says: 'never runs: asynchronous events go to the failure destination at once, or are dropped',
      },
    ],
  },
  aws_lambda_function_event_invoke_config: {
    noun: 'asynchronous invocation of',
    keeps: [{ at: 'maximum_event_age_in_seconds', perDay: 86_400, zero: 'for ever' }],
    loses: [
      {
        at: 'destination_config.on_failure.destination',
        if: isNothing,
        says: 'drops what fails for the last time',
      },
    ],
    gone: { loses: 'drops what fails for the last time' },
    protects: 'function_name',
    exposes: [
      {
        at: 'destination_config.on_failure.destination',
        if: isForeign,
        says: 'failed events go to another account',
      },
      {
        at: 'destination_config.on_success.destination',
        if: isForeign,
        says: 'results go to another account',
      },
    ],
  },
  aws_lambda_function_recursion_config: {
    exposes: [{ at: 'recursive_loop', if: is('Allow'), says: 'Lambda does not stop a loop' }],
  },
  aws_lambda_function_url: {
    noun: 'function URL',
    exposes: [
      { at: 'authorization_type', if: is('NONE'), says: 'anyone may call it: AuthorizationType is NONE' },
      {
        at: 'cors.allow_origins',
        if: is('*'),
        says: 'any web site may call it from a browser',
        byChoice: true,
      },
    ],
  },
  aws_lambda_invocation: { noun: 'invocation of' },
  aws_lambda_layer_version: { noun: 'layer' },
  aws_lambda_layer_version_permission: {
    subject: ['layer', 'layer_name'],
    grants: {
      principal: 'principal',
      action: 'action',
      resource: 'layer_name',
      conditions: { organization_id: 'aws:PrincipalOrgID' },
    },
  },
  aws_lambda_permission: {
    noun: 'permission to invoke',
    subject: ['function', 'function_name'],
    grants: {
      principal: 'principal',
      action: 'action',
      resource: 'function_name',
      conditions: {
        principal_org_id: 'aws:PrincipalOrgID',
        source_account: 'aws:SourceAccount',
        source_arn: 'aws:SourceArn',
      },
    },
    exposes: [
      {
        at: 'principal',
        if: is('*'),
        and: { principal_org_id: isOff },
        says: 'anyone may invoke the function',
      },
      { at: 'principal', if: isForeign, says: 'another account may invoke the function' },
      {
        at: 'principal',
        if: is('s3.amazonaws.com'),
        and: { source_account: isOff },
        says: 'a bucket of another account may invoke the function',
      },
      { at: 'source_account', if: isForeign, says: 'another account may invoke the function' },
      {
        at: 'principal',
        if: looksLike(/\.amazonaws\.com(?:\.cn)?$/u),
        and: { source_arn: isOff },
        says: 'any resource of that service may invoke the function',
      },
      { at: 'function_url_auth_type', if: is('NONE'), says: 'anyone may call its URL' },
    ],
  },
  aws_lambda_provisioned_concurrency_config: { noun: 'provisioned concurrency of' },
  aws_lambda_runtime_management_config: {},
  aws_ecs_cluster: {},
  aws_ecs_service: {
    exposes: [
      {
        at: 'network_configuration.assign_public_ip',
        if: isOn,
        says: 'its tasks have addresses on the internet',
      },
      { at: 'enable_execute_command', if: isOn, says: 'a shell can be opened in its tasks', byChoice: true },
    ],
  },
  aws_ecs_task_definition: {
    exposes: [
      {
        at: 'container_definitions',
        if: looksLike(/"privileged":\s*true/u),
        says: 'a container has all rights on its host',
      },
    ],
  },
  aws_batch_compute_environment: {},
  aws_batch_job_definition: {},
  aws_batch_job_queue: {},
  aws_codebuild_project: {
    exposes: [
      {
        at: 'environment.privileged_mode',
        if: isOn,
        says: 'its builds have all rights on their host',
        byChoice: true,
      },
    ],
  },
  aws_instance: {
    noun: 'EC2 instance',
    holds: 'what lies on its disks',
    loses: [{ at: 'disable_api_termination', if: isOff, says: 'is no longer protected against termination' }],
    exposes: [
      { at: 'associate_public_ip_address', if: isOn, says: 'it has an address on the internet' },
      {
        at: 'metadata_options.http_tokens',
        if: isOther('required'),
        says: 'its credentials can be read by a forged request (IMDSv1)',
      },
      { at: 'root_block_device.encrypted', if: isOff, says: 'its disk is not encrypted', byChoice: true },
    ],
  },
  aws_launch_template: {
    exposes: [
      {
        at: 'network_interfaces.associate_public_ip_address',
        if: isOn,
        says: 'instances have addresses on the internet',
      },
      {
        at: 'metadata_options.http_tokens',
        if: isOther('required'),
        says: 'credentials of instances can be read by a forged request (IMDSv1)',
      },
    ],
  },
  aws_autoscaling_group: {},
  aws_ami_launch_permission: { opens: 'another account may start the image' },
  aws_sfn_state_machine: {
    noun: 'state machine',
    exposes: [
      {
        at: 'logging_configuration.include_execution_data',
        if: isOn,
        says: 'what it works on is written to the log',
        byChoice: true,
      },
    ],
  },
  aws_pipes_pipe: {
    noun: 'pipe',
    exposes: [
      { at: 'source', if: isForeign, says: 'it reads from another account' },
      { at: 'target', if: isForeign, says: 'it sends to another account' },
    ],
  },
  aws_appautoscaling_policy: {},
  aws_appautoscaling_target: {},
  aws_cloudformation_stack: {
    noun: 'CloudFormation stack',
    opens: 'it makes what its own template says, which this review does not see',
  },
  aws_glue_job: {},
  aws_xray_group: {},
  aws_xray_sampling_rule: {},
  aws_resourcegroups_group: {},
  aws_ssm_document: {
    exposes: [{ at: 'permissions', if: isSet, says: 'it is shared with others' }],
  },
  aws_datasync_task: {
    exposes: [
      { at: 'destination_location_arn', if: isAnybodys, says: 'files are copied to another account' },
    ],
  },
};
