import type { Settings } from '../../../config/settings';
import { ENVIRONMENT_OPTION } from '../../lib/choose-environment';
import { parseOptions } from '../../lib/command';
import { UsageError } from '../../lib/errors';
import { PRICES, type Architecture, type Region } from './prices';

export interface Options {
  readonly ratePerSecond: number;
  readonly forSeconds: number;
  readonly burst: number;
  readonly durationMs: number;
  readonly spread: number;
  readonly initMs: number;
  readonly errorRate: number;
  /** undefined: the account's shared pool */
  readonly reserved: number | undefined;
  readonly accountConcurrency: number;
  readonly retries: number;
  readonly maxAgeSeconds: number;
  readonly prefixes: number;
  readonly queue: 'backoff' | 'fifo';
  readonly drainWithinSeconds: number;
  readonly memorySizeMb: number;
  readonly architecture: Architecture;
  readonly region: Region;
  readonly burstsPerMonth: number;
  readonly logBytes: number;
  readonly seed: number;
  readonly svg: string | undefined;
  readonly json: boolean;
}

export const HELP = `Simulates a load on the pipeline: Lambda's asynchronous queue, its retries, S3's limits, the bill.

  npm run capacity -- --rate 200/s --burst 10000 --duration-ms 120 --reserved 50 --retries 2 --max-age 6h

Settings left out are those of the environment: config/environments.ts.

Load:
  --rate N/s             uploads a second (also N/min, N/h, N/day), at random; 10/s
  --for TIME             how long they go on (s, min, h); 1h
  --burst N              uploads on top of them at the start, as fast as S3 takes them; 0
Function:
  --duration-ms N        one run on average; 120
  --spread X             standard deviation over mean of a run; 0.5 (0: always the same)
  --init-ms N            what a cold start adds; 250
  --errors N%            runs that fail; 0%
Settings:
  --env NAME             the environment; PIPELINE_ENV, or else dev, unless given
  --memory N             processUpload.memorySizeMb
  --arch NAME            functions.architecture: arm64, x86_64
  --reserved N|none      processUpload.reservedConcurrentExecutions; none: the account's pool
  --account-concurrency N  the account's pool; 1000
  --retries N            processUpload.maximumRetryAttempts, 0-2
  --max-age TIME         processUpload.maximumEventAgeSeconds, 60s-6h
  --prefixes N           prefixes that S3 has split the bucket into; 1
  --drain-within TIME    how soon a burst should be through, for the advice; 5min
Cost:
  --region NAME          ${Object.keys(PRICES).join(', ')}; the environment's, or us-east-1 where it has no prices here
  --bursts N             bursts a month; 30
  --log-bytes N          log lines of one run; 1500
Simulation and output:
  --queue MODEL          backoff: as Lambda documents it; fifo: the best any queue could do; backoff
  --seed N               the same seed gives the same numbers; 1
  --svg FILE             writes the chart
  --json                 prints everything as JSON
  --help                 show this`;

const text = (fallback: string) => ({ type: 'string', default: fallback }) as const;

/**
 * @param loadSettings loads the settings that give the defaults; not called for `--help`
 * @returns undefined for `--help`
 */
export function readOptions(
  args: readonly string[],
  loadSettings: (environment: string | undefined) => Settings,
): Options | undefined {
  const { values } = parseOptions({
    args: [...args],
    options: {
      ...ENVIRONMENT_OPTION,
      rate: text('10/s'),
      for: text('1h'),
      burst: text('0'),
      'duration-ms': text('120'),
      spread: text('0.5'),
      'init-ms': text('250'),
      errors: text('0%'),
      reserved: { type: 'string' },
      'account-concurrency': text('1000'),
      retries: { type: 'string' },
      'max-age': { type: 'string' },
      prefixes: text('1'),
      queue: text('backoff'),
      'drain-within': text('5min'),
      memory: { type: 'string' },
      arch: { type: 'string' },
      region: { type: 'string' },
      bursts: text('30'),
      'log-bytes': text('1500'),
      seed: text('1'),
      svg: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const defaults = settingsOf(loadSettings(values.env));
  return {
    ratePerSecond: rate('--rate', values.rate),
    forSeconds: seconds('--for', values.for, 0, 7 * 86_400),
    burst: whole('--burst', values.burst, 0, 10_000_000),
    durationMs: number('--duration-ms', values['duration-ms'], 1, 900_000),
    spread: number('--spread', values.spread, 0, 5),
    initMs: number('--init-ms', values['init-ms'], 0, 60_000),
    errorRate: percentage('--errors', values.errors),
    reserved: reservation(values.reserved, defaults.reserved),
    accountConcurrency: whole('--account-concurrency', values['account-concurrency'], 1, 100_000),
    retries: values.retries === undefined ? defaults.retries : whole('--retries', values.retries, 0, 2),
    maxAgeSeconds:
      values['max-age'] === undefined
        ? defaults.maxAgeSeconds
        : seconds('--max-age', values['max-age'], 60, 21_600),
    prefixes: whole('--prefixes', values.prefixes, 1, 10_000),
    queue: oneOf('--queue', values.queue, ['backoff', 'fifo']),
    drainWithinSeconds: seconds('--drain-within', values['drain-within'], 1, 21_600),
    memorySizeMb:
      values.memory === undefined ? defaults.memorySizeMb : whole('--memory', values.memory, 128, 10_240),
    architecture: oneOf('--arch', values.arch ?? defaults.architecture, ['arm64', 'x86_64']),
    region: oneOf('--region', values.region ?? defaults.region, Object.keys(PRICES) as Region[]),
    burstsPerMonth: whole('--bursts', values.bursts, 0, 1_000_000),
    logBytes: whole('--log-bytes', values['log-bytes'], 0, 1_000_000),
    seed: whole('--seed', values.seed, 0, 2 ** 31),
    svg: values.svg,
    json: values.json,
  };
}

/** The mover's settings in an environment. */
const settingsOf = ({ processUpload, functions, region }: Settings) => ({
  reserved: processUpload.reservedConcurrentExecutions,
  retries: processUpload.maximumRetryAttempts,
  maxAgeSeconds: processUpload.maximumEventAgeSeconds,
  memorySizeMb: processUpload.memorySizeMb,
  architecture: functions.architecture,
  region: region in PRICES ? region : 'us-east-1',
});

function reservation(given: string | undefined, fallback: number | undefined): number | undefined {
  if (given === undefined) return fallback;
  return given === 'none' ? undefined : whole('--reserved', given, 0, 100_000);
}

const PER_SECOND: Readonly<Record<string, number>> = { s: 1, min: 1 / 60, h: 1 / 3600, day: 1 / 86_400 };
const SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, min: 60, h: 3600 };

function rate(name: string, given: string): number {
  const [, amount = '', unit = 's'] = /^([\d.]+)(?:\/(s|min|h|day))?$/u.exec(given) ?? [];
  const perSecond = Number(amount) * (PER_SECOND[unit] ?? NaN);
  if (amount !== '' && perSecond >= 0 && perSecond <= 100_000) return perSecond;
  throw wrong(name, given, 'a rate such as 200/s, 50/min or 1000/day, up to 100,000 a second');
}

function seconds(name: string, given: string, least: number, most: number): number {
  const [, amount = '', unit = 's'] = /^([\d.]+)(ms|s|min|h)?$/u.exec(given) ?? [];
  const value = Number(amount) * (SECONDS[unit] ?? NaN);
  if (amount !== '' && value >= least && value <= most) return value;
  throw wrong(name, given, `a time from ${least} s to ${most} s, such as 90s, 5min or 6h`);
}

function percentage(name: string, given: string): number {
  const [, amount = ''] = /^([\d.]+)%$/u.exec(given) ?? [];
  const part = Number(amount) / 100;
  if (amount !== '' && part >= 0 && part <= 1) return part;
  throw wrong(name, given, 'a part of the runs from 0% to 100%, such as 0.5%');
}

function number(name: string, given: string, least: number, most: number): number {
  const value = given.trim() === '' ? NaN : Number(given);
  if (value >= least && value <= most) return value;
  throw wrong(name, given, `a number from ${least} to ${most.toLocaleString('en')}`);
}

function whole(name: string, given: string, least: number, most: number): number {
  const value = given.trim() === '' ? NaN : Number(given);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw wrong(name, given, `an integer from ${least} to ${most.toLocaleString('en')}`);
}

function oneOf<T extends string>(name: string, given: string, values: readonly T[]): T {
  const found = values.find((value) => value === given);
  if (found !== undefined) return found;
  throw wrong(name, given, `one of ${values.join(', ')}`);
}

const wrong = (name: string, given: string, expected: string): UsageError =>
  new UsageError(
    `${name}: got ${JSON.stringify(given)}; expected ${expected}. See npm run capacity -- --help`,
  );
