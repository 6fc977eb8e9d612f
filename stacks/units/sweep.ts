import type { TerraformStack } from 'cdktf';
import type { PrefixPair } from '../../constructs/uploads/prefix-pair';
import type { UploadBucket } from '../../constructs/uploads/upload-bucket';
import type { SweepProps } from '../../constructs/uploads/upload-pipeline';
import { noteKey, type EnvironmentVariables } from '../../handlers/sweep/environment';
import { addFunction, ownMetric, type Shared } from '../shared';

/** The limits of a maximum event age, in seconds. */
const SHORTEST_SECONDS = 60;
const LONGEST_SECONDS = 21_600;

/** Which pipeline is swept. */
interface SweepOptions {
  /** The function's construct id, and the end of its name. @default 'sweep' */
  readonly name?: string;
  /** @default those of the settings */
  readonly prefixes?: PrefixPair;
  /** The pairs of before a change of `prefixes`. @default none */
  readonly formerPrefixes?: readonly PrefixPair[];
}

/**
 * Looks, on a schedule, for uploads that no event announced, and resubmits them to the mover. It stays out of the
 * VPC, where there is one: it calls nothing but AWS's own APIs.
 */
export function addSweep(
  stack: TerraformStack,
  shared: Shared,
  uploads: UploadBucket,
  { name = 'sweep', ...pairs }: SweepOptions = {},
): SweepProps {
  const { sweep: own, bucket, namePrefix } = shared.settings;
  const { prefixes = shared.settings.prefixes } = pairs;
  const formerPrefixes = pairs.prefixes ? (pairs.formerPrefixes ?? []) : shared.settings.formerPrefixes;
  const base = noteKey({
    uploadPrefix: prefixes.upload,
    processedPrefix: prefixes.processed,
    formerPrefixes,
  });
  // Each sweep keeps a note of its own, also where several stacks share a bucket.
  const note = [base, ...(bucket.existing ? [namePrefix] : []), ...(name === 'sweep' ? [] : [name])].join(
    '-',
  );
  const sweep = addFunction<EnvironmentVariables, 'PROCESS_UPLOAD_FUNCTION_NAME'>(stack, shared, name, {
    handler: 'sweep',
    ...own,
    description: `Resubmits uploads under ${prefixes.upload || 'everywhere'} that were left behind`,
    // A sweep that is tried again after the next one has begun would do that one's work a second time.
    maximumEventAgeSeconds: Math.min(LONGEST_SECONDS, Math.max(SHORTEST_SECONDS, own.everyMinutes * 60)),
    environment: {
      UPLOAD_BUCKET: uploads.bucketName,
      UPLOAD_PREFIX: prefixes.upload,
      PROCESSED_PREFIX: prefixes.processed,
      FORMER_PREFIXES: JSON.stringify(formerPrefixes),
      OLDER_THAN_MINUTES: String(own.olderThanMinutes),
      MAXIMUM_PER_SECOND: String(own.maximumPerSecond),
      NOTE_KEY: note,
      POWERTOOLS_METRICS_NAMESPACE: shared.metricsNamespace,
      ...(name !== 'sweep' && { POWERTOOLS_SERVICE_NAME: name }),
    },
  });
  // That uploads stopped being processed, or that nobody looks any more.
  const { oldestUploadMinutes } = shared.settings.health;
  sweep.watch({
    name: 'uploads-waiting',
    meaning: `Uploads have waited for more than ${oldestUploadMinutes} min although the sweep resubmits them, or (INSUFFICIENT_DATA) the sweep itself has stopped.`,
    metric: ownMetric(shared, name, 'OldestUploadAgeSeconds', { period: own.everyMinutes * 60 }),
    threshold: oldestUploadMinutes * 60,
    // Two, so that a sweep which begins a little later than the last one does not look like silence.
    evaluationPeriods: 2,
    datapointsToAlarm: 1,
    // A sweep that finds nothing says 0, so silence means that nobody looks. It has a state of its own, which is
    // reported, instead of counting as an alarm: a new stack has not been swept yet.
    treatMissingData: 'missing',
    reportsSilence: true,
  });
  return {
    handler: sweep,
    everyMinutes: own.everyMinutes,
    noteKey: note,
    moverVariable: 'PROCESS_UPLOAD_FUNCTION_NAME',
  };
}
