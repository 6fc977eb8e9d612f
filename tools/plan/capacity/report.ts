import { duration, table, type Colours } from '../../lib/terminal';
import { idealDrainSeconds, type Advice } from './advice';
import { chart } from './chart';
import type { Outcome } from './model';
import type { Options } from './options';
import { HOURS_A_MONTH, PRICES_DATE, type Cost } from './prices';

/** The whole report, for a terminal. */
export function report(
  options: Options,
  outcome: Outcome,
  advice: Advice,
  cost: Cost,
  colours: Colours,
): string {
  return [
    colours.heading(titleOf(options)),
    '',
    table(rowsOf(options, outcome)),
    '',
    ...drawing(outcome),
    '',
    ...verdict(options, outcome, advice, colours),
    '',
    colours.heading(
      `A month of it (${options.region}, ${options.architecture}, list prices of ${PRICES_DATE})`,
    ),
    table(costRows(options, cost)),
  ].join('\n');
}

export function titleOf(options: Options): string {
  const { ratePerSecond, forSeconds, burst, durationMs, reserved, accountConcurrency } = options;
  const load = [
    ratePerSecond > 0 && `${count(ratePerSecond)} uploads a second for ${time(forSeconds)}`,
    burst > 0 && `${count(burst)} at once`,
  ].filter(Boolean);
  const executions =
    reserved === undefined ? `${count(accountConcurrency)} (the account's)` : count(reserved);
  return `${load.join(' and ') || 'Nothing'}; ${durationMs} ms each, ${executions} at a time`;
}

function rowsOf(options: Options, outcome: Outcome): string[][] {
  const { latencySeconds: latency, firstDroppedSeconds, firstFailedSeconds } = outcome;
  const ideal = idealDrainSeconds(options);
  const drained = outcome.burstDrainedSeconds;
  const lost = (number: number, first: number | undefined) =>
    first === undefined ? 'none' : `${count(number)}, the first after ${time(first)}`;
  return [
    [
      'Burst drained',
      drained === undefined ? '(no burst)' : `after ${time(drained)}`,
      Number.isFinite(ideal) && drained !== undefined ? `${time(ideal)} if no execution were ever idle` : '',
    ],
    [
      'Queue at its peak',
      `${count(outcome.peakQueue)} events`,
      `${time(outcome.peakQueueSeconds)} after the start`,
    ],
    ['Oldest event in it', time(outcome.oldestEventSeconds), `kept for ${time(options.maxAgeSeconds)}`],
    [
      'Upload to processed',
      `p50 ${time(latency.p50)}`,
      `p99 ${time(latency.p99)}, longest ${time(latency.max)}`,
    ],
    ['Dropped for their age', lost(outcome.dropped, firstDroppedSeconds)],
    ['Failed after the retries', lost(outcome.failed, firstFailedSeconds)],
    [
      'Everything done',
      `after ${time(outcome.endSeconds)}`,
      `${count(outcome.processed)} of ${count(outcome.events)} processed`,
    ],
    [
      'Runs',
      count(outcome.runs),
      `${count(outcome.coldStarts)} cold, ${count(outcome.throttles)} throttles, ${count(outcome.slowDowns)} given up on S3's 503`,
    ],
    ['Executions at the peak', count(outcome.peakRunning)],
  ];
}

function drawing(outcome: Outcome): string[] {
  const width = 64;
  const bars = chart(
    outcome.timeline.map(({ queued }) => queued),
    width,
    5,
  );
  const end = time(outcome.endSeconds);
  return [
    `  events in the queue, up to ${count(outcome.peakQueue)}`,
    ...bars.map((bar) => `  │${bar}`),
    `  └${'─'.repeat(width)}`,
    `   0${end.padStart(width - 1)}`,
  ];
}

function verdict(options: Options, outcome: Outcome, advice: Advice, colours: Colours): string[] {
  const { bottleneck, why, set } = advice;
  const lines = [
    bottleneck === undefined
      ? `${colours.good('No setting is a bottleneck.')} ${why}`
      : `${colours.bad(`The bottleneck is ${bottleneck}.`)} ${why}`,
  ];
  if (set) {
    const { outcome: then } = set;
    const effects = [
      options.burst > 0 && `burst drained after ${time(then.burstDrainedSeconds ?? 0)}`,
      `oldest event ${time(then.oldestEventSeconds)}`,
      `dropped ${then.dropped === 0 ? 'none' : count(then.dropped)}`,
    ].filter(Boolean);
    lines.push(`Set ${set.what}`, `  then: ${effects.join(', ')} (simulated)`);
  }
  if (outcome.slowDowns > 0)
    lines.push(`S3 refused ${count(outcome.slowDowns)} runs for their rate (503 SlowDown).`);
  return lines;
}

function costRows(options: Options, cost: Cost): string[][] {
  const uploads = uploadsPerMonth(options);
  return [
    ['Lambda requests', count(cost.requests), dollars(cost.lambdaRequests)],
    [
      'Lambda duration',
      `${count(cost.gbSeconds)} GB-s at ${options.memorySizeMb} MB`,
      dollars(cost.lambdaDuration),
    ],
    ['S3 COPY requests', `${count(uploads)} (DELETE is free)`, dollars(cost.s3Copies)],
    ['Log lines', `${options.logBytes} bytes a run`, dollars(cost.logs)],
    [
      'Together',
      `${dollars(uploads === 0 ? 0 : (cost.total / uploads) * 1e6)} a million uploads`,
      dollars(cost.total),
    ],
  ];
}

/** The rate day and night, and the bursts. */
export const uploadsPerMonth = (options: Options): number =>
  options.ratePerSecond * HOURS_A_MONTH * 3600 + options.burst * options.burstsPerMonth;

const count = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 1 });

const dollars = (value: number): string =>
  `$${value.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;

function time(seconds: number): string {
  if (seconds < 3600) return duration(seconds * 1000);
  return `${(seconds / 3600).toLocaleString('en', { maximumFractionDigits: 1 })} h`;
}
