import type { Construct } from 'constructs';
import type { Settings } from '../config/settings';
import type { FailureQueue } from '../constructs/failures/failure-queue';
import { NodeFunction } from '../constructs/function/node-function';
import { Schedule } from '../constructs/sources/schedule';
import type { UploadBucket } from '../constructs/uploads/upload-bucket';
import { noteKey, type EnvironmentVariables } from '../handlers/sweep/environment';
import type { FunctionDefaults } from './function-defaults';
import { handlerCode } from './handler-code';
import { metricsNamespace } from './metrics-namespace';

interface Parts {
  readonly uploads: UploadBucket;
  readonly failures: FailureQueue;
  readonly processUpload: NodeFunction;
  readonly common: FunctionDefaults;
}

/** The limits of a maximum event age, in seconds. */
const SHORTEST_SECONDS = 60;
const LONGEST_SECONDS = 21_600;

/**
 * A function that looks, on a schedule, for uploads which no event announced. It stays out of the VPC, where there is
 * one: it talks to nothing but AWS's own APIs.
 */
export function addSweep(scope: Construct, settings: Settings, dist: string, parts: Parts): void {
  const { namePrefix, prefixes, sweep: own } = settings;
  const { uploads, failures, processUpload, common } = parts;
  const note = noteKey(prefixes.upload, prefixes.processed);
  const sweep = new NodeFunction(scope, 'sweep', {
    ...common,
    ...own,
    functionName: `${namePrefix}-sweep`,
    description: `Announces uploads under ${prefixes.upload || 'everywhere'} that were left behind`,
    code: handlerCode(settings.packaging, dist, 'sweep'),
    environment: {
      UPLOAD_BUCKET: uploads.bucket.bucket,
      UPLOAD_PREFIX: prefixes.upload,
      PROCESSED_PREFIX: prefixes.processed,
      OLDER_THAN_MINUTES: String(own.olderThanMinutes),
      MAXIMUM_PER_SECOND: String(own.maximumPerSecond),
      NOTE_KEY: note,
      POWERTOOLS_METRICS_NAMESPACE: metricsNamespace(settings),
    } satisfies Omit<EnvironmentVariables, 'LOG_LEVEL' | 'PROCESS_UPLOAD_FUNCTION_NAME'>,
  });

  uploads.grantSweep(sweep, note);
  processUpload.grantInvoke(sweep);
  processUpload.grantReadConcurrency(sweep);
  // A sweep that is tried again after the next one has begun would do that one's work a second time.
  const age = Math.min(LONGEST_SECONDS, Math.max(SHORTEST_SECONDS, own.everyMinutes * 60));
  sweep.onFailure(failures, { maximumEventAgeSeconds: age });
  new Schedule(scope, 'sweep-schedule', {
    ruleName: `${namePrefix}-sweep`,
    description: 'Starts the sweep that looks for uploads which were left behind',
    everyMinutes: own.everyMinutes,
    handler: sweep,
  });
}
