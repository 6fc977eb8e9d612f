import { Construct } from 'constructs';
import { Alarm, type AlarmContext } from './alarm';
import { requireInteger } from '../base/validate';

export interface SweepAlarmProps extends AlarmContext {
  /** The namespace that the functions publish their metrics in. */
  readonly metricsNamespace: string;
  /** How often the sweep looks, in minutes. 1–1,440. */
  readonly everyMinutes: number;
  /** An upload that waits longer than this raises an alarm, in minutes. */
  readonly oldestUploadMinutes: number;
}

/** That uploads stopped being processed, or that nobody looks any more. */
export class SweepAlarm extends Construct {
  constructor(scope: Construct, id: string, props: SweepAlarmProps) {
    super(scope, id);
    const { metricsNamespace, everyMinutes, oldestUploadMinutes, ...context } = props;
    requireInteger(everyMinutes, { property: 'SweepAlarm.everyMinutes', minimum: 1, maximum: 1440 });
    requireInteger(oldestUploadMinutes, { property: 'SweepAlarm.oldestUploadMinutes', minimum: 1 });
    new Alarm(this, 'uploads-waiting', {
      ...context,
      meaning: `Uploads have waited for more than ${oldestUploadMinutes} min although the sweep announces them again, or (INSUFFICIENT_DATA) the sweep itself has stopped.`,
      section: 'uploads-waiting',
      metric: {
        namespace: metricsNamespace,
        metricName: 'OldestUploadAgeSeconds',
        dimensions: { service: 'sweep' },
        statistic: 'Maximum',
        period: everyMinutes * 60,
      },
      threshold: oldestUploadMinutes * 60,
      // Two, so that a sweep which begins a little later than the last one does not look like silence.
      evaluationPeriods: 2,
      datapointsToAlarm: 1,
      // A sweep that finds nothing says 0, so silence means that nobody looks. It has a state of its own, which is
      // reported, instead of counting as an alarm: a new stack has not been swept yet.
      treatMissingData: 'missing',
      reportsSilence: true,
    });
  }
}
