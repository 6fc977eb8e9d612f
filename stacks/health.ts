import type { Construct } from 'constructs';
import type { Settings } from '../config/settings';
import type { FailureQueue } from '../constructs/failures/failure-queue';
import { Health } from '../constructs/health/health';
import type { NodeFunction } from '../constructs/function/node-function';
import { metricsNamespace } from './metrics-namespace';
import { watchSources } from './source-health';

interface Parts {
  readonly failures: FailureQueue;
  readonly processUpload: NodeFunction;
}

/** Alarms, their topic, the dashboard and the saved queries. */
export function addHealth(scope: Construct, settings: Settings, { failures, processUpload }: Parts): void {
  const { namePrefix, sweep, health } = settings;
  const { timeoutSeconds, memorySizeMb, maximumEventAgeSeconds } = settings.processUpload;
  const watch = new Health(scope, 'health', {
    ...health,
    namePrefix,
    failures,
    queueName: `${namePrefix}-failures`,
    metricsNamespace: metricsNamespace(settings),
    sweepEveryMinutes: sweep.enabled ? sweep.everyMinutes : undefined,
    mover: {
      function: processUpload,
      functionName: `${namePrefix}-process-upload`,
      timeoutSeconds,
      memorySizeMb,
      maximumEventAgeSeconds,
    },
  });
  watchSources(watch, settings);
}
