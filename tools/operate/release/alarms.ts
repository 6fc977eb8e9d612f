import { paginateDescribeAlarms, type CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { setTimeout as sleep } from 'node:timers/promises';

/** The names of the alarms that are in alarm. */
export type ReadAlarms = () => Promise<readonly string[]>;

/** Reads the alarms whose names start so, composite ones too. */
export const alarmsOf =
  (client: CloudWatchClient, namePrefix: string): ReadAlarms =>
  async () => {
    const names: string[] = [];
    const query = {
      AlarmNamePrefix: namePrefix,
      AlarmTypes: ['CompositeAlarm' as const, 'MetricAlarm' as const],
      StateValue: 'ALARM' as const,
    };
    for await (const page of paginateDescribeAlarms({ client }, query)) {
      for (const { AlarmName: name = '' } of [
        ...(page.MetricAlarms ?? []),
        ...(page.CompositeAlarms ?? []),
      ]) {
        names.push(name);
      }
    }
    return names;
  };

/** Whether there is an alarm whose name starts so: of none, nobody can say that it is quiet. */
export const anyAlarm = async (client: CloudWatchClient, namePrefix: string): Promise<boolean> => {
  const query = {
    AlarmNamePrefix: namePrefix,
    AlarmTypes: ['CompositeAlarm' as const, 'MetricAlarm' as const],
    MaxRecords: 1,
  };
  for await (const page of paginateDescribeAlarms({ client }, query)) {
    if ((page.MetricAlarms ?? []).length + (page.CompositeAlarms ?? []).length > 0) return true;
  }
  return false;
};

export interface WatchProps {
  readonly readAlarms: ReadAlarms;
  /** How long to look at them, in milliseconds. */
  readonly duration: number;
  /** @default 15 s */
  readonly interval?: number;
  /** Told how much of the time is left, in milliseconds. */
  readonly onLook?: (left: number) => void;
  readonly now?: () => number;
  readonly wait?: (milliseconds: number) => Promise<unknown>;
}

const INTERVAL_MS = 15_000;

/** @returns the alarms that went off, as soon as one does; none if all stayed quiet */
export const watchAlarms = (props: WatchProps): Promise<readonly string[]> =>
  poll(props, (loud) => loud.length > 0);

/** @returns none as soon as all are quiet; those that still are in alarm when the time is over */
export const awaitQuiet = (props: WatchProps): Promise<readonly string[]> =>
  poll(props, (loud) => loud.length === 0);

async function poll(
  props: WatchProps,
  enough: (loud: readonly string[]) => boolean,
): Promise<readonly string[]> {
  const { readAlarms, duration, interval = INTERVAL_MS, onLook, now = Date.now, wait = pause } = props;
  const end = now() + duration;
  for (;;) {
    const loud = await readAlarms();
    const left = end - now();
    if (enough(loud) || left <= 0) return loud;
    onLook?.(left);
    await wait(Math.min(interval, left));
  }
}

const pause = (milliseconds: number): Promise<unknown> => sleep(milliseconds);
