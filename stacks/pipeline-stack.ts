import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider';
import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import type { Settings } from '../config/settings';
import { FailureQueue } from '../constructs/failure-queue';
import type { FunctionCodeSource } from '../constructs/function-code';
import { NodeFunction } from '../constructs/node-function';
import { UploadBucket } from '../constructs/upload-bucket';
import type { EnvironmentVariables as ProcessUploadVariables } from '../handlers/process-upload/environment';
import { configureAwsProvider } from './aws-provider';
import { describeOutputs } from './outputs';
import { configureState } from './state';

/**
 * Uploads that move themselves: bucket -> function -> processed/, failures -> queue.
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

    const failures = new FailureQueue(this, 'failures', {
      queueName: `${namePrefix}-failures`,
      retentionDays: settings.failureRetentionDays,
    });
    const uploads = new UploadBucket(this, 'uploads', {
      ...settings.bucket,
      namePrefix: `${namePrefix}-uploads-`,
      prefixes,
    });
    const processUpload = new NodeFunction(this, 'process-upload', {
      ...settings.functions,
      ...settings.processUpload,
      functionName: `${namePrefix}-process-upload`,
      description: `Moves uploads from ${prefixes.upload || 'everywhere'} to ${prefixes.processed} when they are processed`,
      code: handlerCode(settings.packaging, dist, 'process-upload'),
      environment: {
        UPLOAD_PREFIX: prefixes.upload,
        PROCESSED_PREFIX: prefixes.processed,
        ON_EXISTING: settings.onExisting,
      } satisfies Omit<ProcessUploadVariables, 'LOG_LEVEL'>,
    });

    uploads.grantMove(processUpload);
    processUpload.onFailure(failures, settings.processUpload);
    uploads.onUpload(processUpload);

    describeOutputs(this, { uploads, failures, processUpload });
  }
}

/** Where the build leaves a handler, for each packaging. */
function handlerCode(packaging: Settings['packaging'], dist: string, name: string): FunctionCodeSource {
  return packaging === 'archive'
    ? { packaging, directory: `${dist}/handlers/${name}` }
    : { packaging, zip: `${dist}/packages/${name}.zip` };
}
