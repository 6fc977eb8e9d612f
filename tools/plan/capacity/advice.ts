import { drainSeconds } from './closed-forms';
import type { Outcome } from './model';
import type { Options } from './options';
import { capacityOf, run, runsPerUpload } from './plan';
import { WRITES_PER_SECOND_AND_PREFIX } from './prefix-limit';

/** Executions that AWS requires to stay unreserved in an account. */
const LEFT_UNRESERVED = 100;

/** Above this average utilization, random arrivals alone form a queue. */
const UTILIZATION = 0.8;

/** The setting that limits throughput, and a better value. */
export interface Advice {
  /** The setting that is the bottleneck; undefined if there is none. */
  readonly bottleneck: string | undefined;
  /** The explanation, in sentences. */
  readonly why: string;
  /** The better value, named as in settings and options, and the simulated outcome with it. */
  readonly set: { readonly what: string; readonly options: Options; readonly outcome: Outcome } | undefined;
}

const RESERVED = 'processUpload.reservedConcurrentExecutions';

/** @param simulateWith simulates the advice before the report gives it */
export function advise(options: Options, outcome: Outcome, simulateWith: typeof run = run): Advice {
  const set = (what: string, change: Partial<Options>): Advice['set'] => {
    const changed = { ...options, ...change };
    return { what, options: changed, outcome: simulateWith(changed) };
  };
  const capacity = capacityOf(options);
  const { ratePerSecond } = options;

  if (options.reserved === 0) {
    const reserved = executionsFor(options);
    return {
      bottleneck: RESERVED,
      why: '0 means that the function never runs: every event goes to the failure queue at once.',
      set: set(`${RESERVED}: ${reserved}`, { reserved }),
    };
  }
  if (ratePerSecond >= capacity.movesByS3) {
    const prefixes = Math.ceil(ratePerSecond / (WRITES_PER_SECOND_AND_PREFIX / 2) / UTILIZATION);
    return {
      bottleneck: 'the write limit of a prefix in S3',
      why: `Each upload is a PUT and a DELETE under the upload prefix: ${numeral(ratePerSecond)}/s is more than the ${numeral(WRITES_PER_SECOND_AND_PREFIX / 2)}/s that a prefix takes.`,
      set: set(`keys spread over ${prefixes} prefixes, e.g. uploads/00/ … (--prefixes ${prefixes})`, {
        prefixes,
      }),
    };
  }
  const drained = outcome.burstDrainedSeconds ?? 0;
  const isShort = capacity.runsWanted >= capacity.runsByConcurrency;
  const isLate = options.burst > 0 && drained > options.drainWithinSeconds;
  if (!isShort && !isLate && outcome.dropped === 0) {
    return {
      bottleneck: undefined,
      why: whyNone(options, capacity.runsWanted, capacity.runsByConcurrency),
      set: undefined,
    };
  }

  const name = options.reserved === undefined ? "the account's concurrency" : RESERVED;
  const needed = `${numeral(capacity.runsWanted)} runs a second of ${options.durationMs} ms keep ${numeral((capacity.runsWanted * options.durationMs) / 1000)} executions busy`;
  const why = isShort
    ? `${needed}, and there are ${options.reserved ?? options.accountConcurrency}: the queue grows until events are dropped for their age.`
    : `${needed} out of ${options.reserved ?? options.accountConcurrency}; the burst has to wait for the rest of them.`;
  return { bottleneck: name, why, set: raise(options, set) };
}

/** Starts at the fluid limit, and multiplies by 1.5 until the simulation drops nothing and drains the burst in time. */
function raise(
  options: Options,
  set: (what: string, change: Partial<Options>) => Advice['set'],
): Advice['set'] {
  const most = options.accountConcurrency - LEFT_UNRESERVED;
  for (let reserved = executionsFor(options); ; reserved = Math.ceil(reserved * 1.5)) {
    if (reserved > most) {
      return set(
        `an account quota of ${reserved + LEFT_UNRESERVED} concurrent executions (${LEFT_UNRESERVED} stay unreserved) and ${RESERVED}: ${reserved}`,
        { reserved, accountConcurrency: reserved + LEFT_UNRESERVED },
      );
    }
    const advice = set(`${RESERVED}: ${reserved}`, { reserved });
    const drained = advice?.outcome.burstDrainedSeconds ?? 0;
    if (advice?.outcome.dropped === 0 && drained <= options.drainWithinSeconds) return advice;
  }
}

/** Executions that keep up with the rate at 80 % and drain the burst in time, if none were ever idle. */
export function executionsFor(options: Options): number {
  const seconds = (options.durationMs / 1000) * runsPerUpload(options);
  const steady = (options.ratePerSecond * seconds) / UTILIZATION;
  const burst = (options.ratePerSecond + options.burst / options.drainWithinSeconds) * seconds;
  return Math.max(1, Math.ceil(Math.max(steady, burst)));
}

function whyNone(options: Options, wanted: number, possible: number): string {
  const used = `${numeral((100 * wanted) / possible)} % of the executions are busy on average`;
  return options.burst === 0 ? `${used}.` : `${used}; the burst is through in time.`;
}

/** How soon the burst could have been through. */
export const idealDrainSeconds = (options: Options): number =>
  drainSeconds(options.burst, options.ratePerSecond, capacityOf(options).movesPerSecond);

const numeral = (value: number): string => value.toLocaleString('en', { maximumSignificantDigits: 3 });
