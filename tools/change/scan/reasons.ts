/** Why a check may fail on a resource. Remove the reason when the check passes: `npm run scan` reports it. */
export interface Reason {
  /** checkov's id. https://www.checkov.io/5.Policy%20Index/terraform.html */
  readonly check: string;
  /** Addresses, without the hash that cdktf adds. */
  readonly resources: readonly string[];
  readonly reason: string;
}

const NAMES = ['process-upload', 'caller', 'invoked', 'sweep'];
const FUNCTIONS = NAMES.map((name) => `aws_lambda_function.${name}_function`);
const LOGS = NAMES.map((name) => `aws_cloudwatch_log_group.${name}_logs`);
const BUCKET = ['aws_s3_bucket.uploads_bucket'];
const STAGE = ['aws_api_gateway_stage.jobs_stage'];

export const REASONS: readonly Reason[] = [
  {
    check: 'CKV_AWS_115',
    resources: FUNCTIONS,
    reason:
      'Reserved concurrency is a setting: it comes out of the account’s, of which a new account has too little to spare.',
  },
  {
    check: 'CKV_AWS_116',
    resources: FUNCTIONS,
    reason: 'A failure destination takes the place of a dead-letter queue and says more: docs/releases.md.',
  },
  {
    check: 'CKV_AWS_117',
    resources: FUNCTIONS,
    reason:
      'A VPC is a setting (`vpc`): without one a function reaches AWS’s APIs and costs nothing by the hour.',
  },
  {
    check: 'CKV_AWS_272',
    resources: FUNCTIONS,
    reason: 'Code signing is a setting (`functions.codeSigning`), for those who have a signing profile.',
  },
  {
    check: 'CKV_AWS_50',
    resources: FUNCTIONS,
    reason:
      'Tracing is a setting (`functions.tracing`), billed by trace; the correlation ID follows an event through the logs.',
  },
  {
    check: 'CKV_AWS_173',
    resources: FUNCTIONS,
    reason:
      'The variables hold names and no secrets; a key of one’s own is a setting (`encryption.customerManagedKey`).',
  },
  {
    check: 'CKV_AWS_158',
    resources: LOGS,
    reason: 'CloudWatch encrypts with its own key; one’s own is a setting (`encryption.customerManagedKey`).',
  },
  {
    check: 'CKV_AWS_338',
    resources: [...LOGS, 'aws_cloudwatch_log_group.jobs_logs'],
    reason: 'Thirty days are the default of a setting (`functions.logRetentionDays`); `prod` has a year.',
  },
  {
    check: 'CKV_AWS_145',
    resources: BUCKET,
    reason: 'S3 encrypts with its own key; one’s own is a setting (`encryption.customerManagedKey`).',
  },
  {
    check: 'CKV_AWS_144',
    resources: BUCKET,
    reason:
      'A copy in another region is a matter of the data, not of the pipeline; versioning keeps what is replaced.',
  },
  {
    check: 'CKV_AWS_18',
    resources: BUCKET,
    reason:
      'Who reads and writes objects is what the account’s CloudTrail data events tell, with more certainty.',
  },
  {
    check: 'CKV_AWS_120',
    resources: STAGE,
    reason: 'Every request is a POST that starts work: its answer must not be another’s.',
  },
  {
    check: 'CKV_AWS_225',
    resources: ['aws_api_gateway_method_settings.jobs_settings'],
    reason: 'Every request is a POST that starts work: its answer must not be another’s.',
  },
  {
    check: 'CKV2_AWS_29',
    resources: STAGE,
    reason: 'Requests are signed; a web ACL is the account’s, and billed by the month.',
  },
  {
    check: 'CKV2_AWS_4',
    resources: STAGE,
    reason: 'Every request has a line in the access log; execution logs would hold the bodies.',
  },
  {
    check: 'CKV2_AWS_51',
    resources: STAGE,
    reason: 'The integration is Lambda, called with IAM: there is no server that could check a certificate.',
  },
  {
    check: 'CKV_AWS_237',
    resources: ['aws_api_gateway_rest_api.jobs_definition_api'],
    reason: 'Nothing of the API forces a replacement; its deployments are created before they are destroyed.',
  },
];
