import { is, isForeign, isNothing, isOff, isOn, isOther, isSet, looksLike, type Test } from '../rules';
import { NO_KEY_OF_YOURS, type Types } from './facts';

const DAY_SECONDS = 86_400;
const DAY_HOURS = 24;

const isWeb: Test = looksLike(/^https?$/u);

/** Queues, topics, streams, events, and the way of logs. */
export const MESSAGING: Types = {
  aws_sqs_queue: {
    noun: 'queue',
    holds: 'the messages that wait in it',
    keeps: [{ at: 'message_retention_seconds', perDay: DAY_SECONDS }],
    loses: [
      {
        at: 'redrive_policy',
        if: isNothing,
        says: 'has no dead-letter queue: a message that fails again and again expires',
        byChoice: true,
      },
    ],
    exposes: [
      {
        at: 'sqs_managed_sse_enabled',
        if: is(false),
        and: { kms_master_key_id: isOff },
        says: 'messages are not encrypted',
      },
      {
        at: 'kms_master_key_id',
        if: isOff,
        says: 'messages are not encrypted with your own key',
        byChoice: true,
      },
    ],
  },
  aws_sqs_queue_policy: {
    noun: 'policy of queue',
    subject: ['queue', 'queue_url'],
    protects: 'queue_url',
    gone: { exposes: 'requests without TLS are no longer refused' },
  },
  aws_sqs_queue_redrive_allow_policy: {},
  aws_sqs_queue_redrive_policy: {
    gone: { loses: 'has no dead-letter queue any more' },
    protects: 'queue_url',
  },
  aws_sns_topic: {
    noun: 'SNS topic',
    exposes: [{ at: 'kms_master_key_id', if: isOff, says: 'messages are not encrypted' }],
  },
  aws_sns_topic_data_protection_policy: {
    gone: { exposes: 'personal data is no longer taken out of messages' },
    protects: 'arn',
  },
  aws_sns_topic_policy: { noun: 'policy of SNS topic', subject: ['SNS topic', 'arn'] },
  aws_sns_topic_subscription: {
    noun: 'subscription',
    exposes: [
      { at: 'protocol', if: isWeb, says: 'messages are sent to an address on the web', with: ['endpoint'] },
      { at: 'endpoint', if: isForeign, says: 'messages are sent to another account' },
      { at: 'topic_arn', if: isForeign, says: 'messages come from another account' },
    ],
    loses: [
      { at: 'filter_policy', if: isSet, says: 'drops messages that pass no filter' },
      { at: 'redrive_policy', if: isNothing, says: 'drops what cannot be delivered', byChoice: true },
    ],
  },
  aws_kinesis_stream: {
    noun: 'Kinesis stream',
    holds: 'its records',
    keeps: [{ at: 'retention_period', perDay: DAY_HOURS }],
    exposes: [{ at: 'encryption_type', if: isOther('KMS'), says: 'records are not encrypted' }],
  },
  aws_kinesis_stream_consumer: {},
  aws_kinesis_resource_policy: { subject: ['Kinesis stream', 'resource_arn'] },
  aws_kinesis_firehose_delivery_stream: {
    noun: 'delivery stream',
    holds: 'the records that wait in it',
    exposes: [
      { at: 'http_endpoint_configuration.url', if: isSet, says: 'records are sent to an address on the web' },
      {
        at: 'server_side_encryption.enabled',
        if: is(false),
        says: 'records are not encrypted',
        byChoice: true,
      },
    ],
  },
  aws_cloudwatch_event_api_destination: { opens: 'events can be sent to an address on the web' },
  aws_cloudwatch_event_archive: {
    holds: 'its events',
    keeps: [{ at: 'retention_days', perDay: 1, zero: 'for ever' }],
  },
  aws_cloudwatch_event_bus: {
    noun: 'event bus',
    exposes: [{ at: 'kms_key_identifier', if: isOff, says: NO_KEY_OF_YOURS, byChoice: true }],
  },
  aws_cloudwatch_event_bus_policy: { subject: ['event bus', 'event_bus_name'] },
  aws_cloudwatch_event_connection: {},
  aws_cloudwatch_event_permission: {
    subject: ['event bus', 'event_bus_name'],
    grants: {
      principal: 'principal',
      action: 'action',
      resource: 'event_bus_name',
      conditions: { 'condition.value': 'aws:PrincipalOrgID' },
    },
  },
  aws_cloudwatch_event_rule: {
    noun: 'EventBridge rule',
    loses: [
      { at: 'state', if: is('DISABLED'), says: 'is off: its events go nowhere' },
      { at: 'is_enabled', if: is(false), says: 'is off: its events go nowhere' },
    ],
  },
  aws_cloudwatch_event_target: {
    noun: 'target of rule',
    exposes: [{ at: 'arn', if: isForeign, says: 'events are sent to another account' }],
    loses: [
      { at: 'dead_letter_config.arn', if: isNothing, says: 'drops what cannot be delivered', byChoice: true },
    ],
  },
  aws_scheduler_schedule: {
    noun: 'schedule',
    exposes: [{ at: 'target.arn', if: isForeign, says: 'it calls another account' }],
    loses: [
      { at: 'state', if: is('DISABLED'), says: 'is off' },
      {
        at: 'target.dead_letter_config.arn',
        if: isNothing,
        says: 'drops what cannot be delivered',
        byChoice: true,
      },
    ],
  },
  aws_scheduler_schedule_group: {},
  aws_ses_email_identity: {},
  aws_ses_identity_policy: { subject: ['mail identity', 'identity'] },
  aws_mq_broker: {
    holds: 'the messages that wait in it',
    exposes: [{ at: 'publicly_accessible', if: isOn, says: 'it has an address on the internet' }],
  },
};

/** Logs, metrics, traces, and what watches. */
export const OBSERVING: Types = {
  aws_cloudwatch_composite_alarm: {
    noun: 'alarm',
    exposes: [{ at: 'actions_enabled', if: is(false), says: 'it tells nobody' }],
  },
  aws_cloudwatch_dashboard: { noun: 'CloudWatch dashboard' },
  aws_cloudwatch_log_data_protection_policy: {
    gone: { exposes: 'personal data is no longer masked in the log' },
    protects: 'log_group_name',
  },
  aws_cloudwatch_log_destination: { noun: 'log destination' },
  aws_cloudwatch_log_destination_policy: { subject: ['log destination', 'destination_name'] },
  aws_cloudwatch_log_group: {
    noun: 'log group',
    holds: 'its log lines',
    keeps: [{ at: 'retention_in_days', perDay: 1, zero: 'for ever' }],
    exposes: [
      { at: 'kms_key_id', if: isOff, says: 'log lines are not encrypted with your own key', byChoice: true },
    ],
  },
  aws_cloudwatch_log_metric_filter: {},
  aws_cloudwatch_log_resource_policy: { noun: 'log resource policy' },
  aws_cloudwatch_log_stream: { holds: 'its log lines' },
  aws_cloudwatch_log_subscription_filter: {
    noun: 'log subscription',
    exposes: [{ at: 'destination_arn', if: isForeign, says: 'log lines are sent to another account' }],
  },
  aws_cloudwatch_metric_alarm: {
    noun: 'alarm',
    exposes: [
      { at: 'actions_enabled', if: is(false), says: 'it tells nobody' },
      { at: 'alarm_actions', if: isForeign, says: 'it tells another account' },
    ],
  },
  aws_cloudwatch_metric_stream: { noun: 'metric stream' },
  aws_cloudwatch_query_definition: { noun: 'saved query' },
  aws_cloudtrail: {
    noun: 'trail',
    exposes: [
      { at: 'enable_logging', if: is(false), says: 'it records nothing' },
      {
        at: 'enable_log_file_validation',
        if: isOff,
        says: 'changed log files are not noticed',
        byChoice: true,
      },
      { at: 'is_multi_region_trail', if: isOff, says: 'it records one region only', byChoice: true },
    ],
    gone: { exposes: 'it records nothing any more' },
  },
  aws_config_configuration_recorder: { gone: { exposes: 'it records nothing any more' } },
  aws_config_configuration_recorder_status: {
    exposes: [{ at: 'is_enabled', if: is(false), says: 'it records nothing' }],
    gone: { exposes: 'it records nothing any more' },
  },
  aws_flow_log: { gone: { exposes: 'traffic is no longer logged' } },
  aws_guardduty_detector: {
    exposes: [{ at: 'enable', if: is(false), says: 'nothing is watched' }],
    gone: { exposes: 'nothing is watched any more' },
  },
  aws_budgets_budget: {},
  aws_oam_link: { opens: 'another account reads logs and metrics' },
  aws_oam_sink_policy: {},
};
