import { TerraformOutput, type TerraformStack } from 'cdktf';
import type { Settings } from '../config/settings';
import type { AsyncEndpoint } from '../constructs/http/async-endpoint';
import type { FailureQueue } from '../constructs/failures/failure-queue';
import type { GithubRoles } from '../constructs/github-access/github-roles';
import type { NodeFunction } from '../constructs/function/node-function';
import type { UploadBucket } from '../constructs/uploads/upload-bucket';

interface Parts {
  readonly uploads: UploadBucket;
  readonly failures: FailureQueue;
  readonly processUpload: NodeFunction;
  readonly caller: NodeFunction;
  readonly invoked: NodeFunction;
  readonly jobs: AsyncEndpoint | undefined;
  readonly roles: GithubRoles | undefined;
}

/** What people and tools need to know of a deployed stack. The names are a contract: tools read them. */
export function describeOutputs(stack: TerraformStack, settings: Settings, parts: Parts): void {
  const { uploads, failures, processUpload, caller, invoked, jobs, roles } = parts;
  const { upload, processed } = uploads.prefixes;
  const bucket = uploads.bucket.bucket;
  const output = (name: string, value: string, description: string): void => {
    new TerraformOutput(stack, name, { value, description });
  };
  output('upload_bucket', bucket, 'The bucket to upload to');
  output('upload_prefix', upload, 'Keys under this prefix are processed');
  output('processed_prefix', processed, 'Processed objects are moved here');
  output('failure_queue_url', failures.queue.url, 'Records of uploads that failed for good');
  output('process_upload_function', processUpload.function.functionName, 'The function that moves uploads');
  output('caller_function', caller.function.functionName, 'The function that calls another');
  output('invoked_function', invoked.function.functionName, 'The function that is called');
  if (jobs) {
    output('jobs_url', jobsUrl(jobs, settings.awsProvider.localEndpoint), 'POST jobs here; /sync waits');
  }
  if (roles) {
    output('github_plan_role', roles.planRole.arn, 'What pull requests look with: docs/ci.md');
    output('github_deploy_role', roles.deployRole.arn, 'What deployments are made with: docs/ci.md');
  }
  output('upload_command', `aws s3 cp FILE s3://${bucket}/${upload}`, 'How to upload a file');
}

/** A local engine serves every API under its own address. */
function jobsUrl({ api, stage }: AsyncEndpoint, localEndpoint: string | undefined): string {
  return localEndpoint === undefined
    ? `${stage.invokeUrl}/jobs`
    : `${localEndpoint.replace(/\/$/u, '')}/_aws/execute-api/${api.id}/${stage.stageName}/jobs`;
}
