import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider';
import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import type { Settings } from '../config/settings';
import { AsyncEndpoint } from '../constructs/http/async-endpoint';
import { EncryptionKey } from '../constructs/keys/encryption-key';
import { FailureQueue } from '../constructs/failures/failure-queue';
import { GithubRoles } from '../constructs/github-access/github-roles';
import { NodeFunction } from '../constructs/function/node-function';
import { VpcEndpoints } from '../constructs/network/vpc-endpoints';
import { UploadBucket } from '../constructs/uploads/upload-bucket';
import { REQUEST_SCHEMA } from '../handlers/invoked/contract';
import type { EnvironmentVariables as ProcessUploadVariables } from '../handlers/process-upload/environment';
import { wrap } from '../handlers/shared/invoke-envelope';
import { configureAwsProvider } from './aws-provider';
import { functionDefaults, releaseProps } from './function-defaults';
import { handlerCode } from './handler-code';
import { addHealth } from './health';
import { guardJobs } from './job-guard';
import { connectJobs } from './job-sources';
import { metricsNamespace } from './metrics-namespace';
import { describeOutputs } from './outputs';
import { configureState } from './state';
import { uploadTrigger } from './upload-trigger';
import { addSweep } from './sweep';

/**
 * Uploads that move themselves: bucket -> function -> processed/, failures -> queue. Beside it a sweep that forgets
 * nothing, and alarms.
 * Construct ids are part of the resources' addresses: changing one replaces what it names.
 */
export class PipelineStack extends TerraformStack {
  /** @param dist the build's output, relative to the project's folder */
  constructor(scope: Construct, id: string, settings: Settings, dist = 'dist') {
    super(scope, id);
    const { namePrefix, prefixes } = settings;
    configureState(this, settings.state);
    configureAwsProvider(this, settings);
    if (settings.packaging === 'archive') new ArchiveProvider(this, 'archive');

    const { customerManagedKey, keyDeletionWindowDays } = settings.encryption;
    const encryptionKey = customerManagedKey
      ? new EncryptionKey(this, 'key', {
          namePrefix,
          deletionWindowDays: keyDeletionWindowDays,
          tables: settings.jobs.idempotency.enabled,
        })
      : undefined;
    const common = functionDefaults(this, settings, encryptionKey);

    const failures = new FailureQueue(this, 'failures', {
      queueName: `${namePrefix}-failures`,
      retentionDays: settings.failureRetentionDays,
      encryptionKey,
    });
    const uploads = new UploadBucket(this, 'uploads', {
      ...settings.bucket,
      namePrefix: `${namePrefix}-uploads-`,
      prefixes,
      encryptionKey,
    });
    const processUpload = new NodeFunction(this, 'process-upload', {
      ...common,
      ...settings.processUpload,
      release: releaseProps(settings.processUpload.release),
      functionName: `${namePrefix}-process-upload`,
      description: `Moves uploads from ${prefixes.upload || 'everywhere'} to ${prefixes.processed} when they are processed`,
      code: handlerCode(settings.packaging, dist, 'process-upload'),
      environment: {
        UPLOAD_PREFIX: prefixes.upload,
        PROCESSED_PREFIX: prefixes.processed,
        ON_EXISTING: settings.onExisting,
        POWERTOOLS_METRICS_NAMESPACE: metricsNamespace(settings),
      } satisfies Omit<ProcessUploadVariables, 'LOG_LEVEL'>,
      vpc: settings.vpc,
    });
    const invoked = new NodeFunction(this, 'invoked', {
      ...common,
      ...settings.invoked,
      release: releaseProps(settings.invoked.release),
      functionName: `${namePrefix}-invoked`,
      description: 'Answers other functions, and works off jobs',
      code: handlerCode(settings.packaging, dist, 'invoked'),
      vpc: settings.vpc,
    });
    const caller = new NodeFunction(this, 'caller', {
      ...common,
      ...settings.caller,
      release: releaseProps(settings.caller.release),
      functionName: `${namePrefix}-caller`,
      description: `Calls ${namePrefix}-invoked, and waits for its answer or not`,
      code: handlerCode(settings.packaging, dist, 'caller'),
      vpc: settings.vpc,
    });

    uploads.grantMove(processUpload);
    processUpload.onFailure(failures, settings.processUpload);
    uploads.onUpload(processUpload, uploadTrigger(this, settings, { failures, encryptionKey }));
    if (settings.sweep.enabled) addSweep(this, settings, dist, { uploads, failures, processUpload, common });
    if (settings.health.enabled) addHealth(this, settings, { failures, processUpload });

    invoked.grantInvoke(caller);
    invoked.onFailure(failures, settings.invoked);
    caller.onFailure(failures, settings.caller);

    const ways = settings.vpc && new VpcEndpoints(this, 'private', { ...settings.vpc, namePrefix });
    if (ways) {
      ways.allowInvoke(caller, invoked);
      ways.allowMove(processUpload, uploads);
      if (settings.vpc?.logsEndpoint === true)
        for (const one of [processUpload, caller, invoked]) ways.allowLogs(one);
    }
    const jobs = settings.endpoint.enabled
      ? new AsyncEndpoint(this, 'jobs', {
          ...settings.endpoint,
          name: `${namePrefix}-jobs`,
          handler: invoked,
          requestSchema: REQUEST_SCHEMA,
          requestTemplate: JOB_TEMPLATE,
          logRetentionDays: settings.functions.logRetentionDays,
          encryptionKey,
        })
      : undefined;

    guardJobs(this, settings, { worker: invoked, encryptionKey, ways });
    connectJobs(this, settings, { worker: invoked, failures, encryptionKey });

    const { github, state } = settings;
    const roles =
      github &&
      new GithubRoles(this, 'github', {
        ...github,
        namePrefix,
        bucketName: settings.bucket.name,
        state: state.type === 's3' ? state : undefined,
      });

    describeOutputs(this, settings, { uploads, failures, processUpload, caller, invoked, jobs, roles });
  }
}

/** The event that a job becomes: its body in an envelope, with the job's id as the correlation ID. */
const JOB_TEMPLATE = JSON.stringify(wrap('BODY', { correlationId: '$context.requestId' })).replace(
  '"BODY"',
  () => "$input.json('$')",
);
