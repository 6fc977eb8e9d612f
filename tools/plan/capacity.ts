import { writeFileSync } from 'node:fs';
import { loadSettings } from '../../config/environments';
import { runTool, type Main } from '../lib/command';
import { ToolError, UsageError } from '../lib/errors';
import { coloursFor } from '../lib/terminal';
import { advise } from './capacity/advice';
import { svg } from './capacity/chart';
import type { Outcome } from './capacity/model';
import { HELP, readOptions, type Options } from './capacity/options';
import { run } from './capacity/plan';
import { monthlyCost, type Cost } from './capacity/prices';
import { OverloadError } from './capacity/simulate';
import { report, titleOf, uploadsPerMonth } from './capacity/report';

/** How often a simulation shows how far it is. */
const PROGRESS_EVERY_MS = 2_000;

export const main: Main = async (args) => {
  const options = readOptions(args, (PIPELINE_ENV = process.env.PIPELINE_ENV) =>
    loadSettings({ ...process.env, PIPELINE_ENV }),
  );
  if (options === undefined) {
    console.log(HELP);
    return 0;
  }
  const simulate = withProgress(run);
  const outcome = tryRun(options, simulate);
  const advice = advise(options, outcome, simulate);
  const cost = costOf(options, outcome);
  if (options.svg !== undefined) writeFileSync(options.svg, svg(titleOf(options), outcome.timeline));
  console.log(
    options.json
      ? JSON.stringify({ options, outcome, advice, cost }, undefined, 2)
      : report(options, outcome, advice, cost, coloursFor(process.stdout)),
  );
  return Promise.resolve(0);
};

function tryRun(options: Options, simulate: typeof run): Outcome {
  try {
    return simulate(options);
  } catch (error) {
    if (error instanceof OverloadError) {
      throw new ToolError(
        `The load is more than can be simulated: ${error.message}. ` +
          `${numeral(options.ratePerSecond)}/s of ${options.durationMs} ms keep ${numeral((options.ratePerSecond * options.durationMs) / 1000)} executions busy, without what fails. ` +
          'Raise --reserved, lower --rate, --for or --max-age; or take --queue fifo, which tries each event once, for a lower bound.',
        { cause: error },
      );
    }
    if (error instanceof RangeError) throw new UsageError(`--rate, --for and --burst: ${error.message}`);
    throw error;
  }
}

function withProgress(simulate: typeof run): typeof run {
  return (options) => {
    let shown = performance.now();
    return simulate(options, (seconds, ofSeconds) => {
      if (performance.now() - shown < PROGRESS_EVERY_MS) return;
      shown = performance.now();
      console.error(`  … simulated ${minutes(seconds)} of at most ${minutes(ofSeconds)} minutes`);
    });
  };
}

const numeral = (value: number): string => value.toLocaleString('en', { maximumSignificantDigits: 3 });

const minutes = (seconds: number): string => Math.round(seconds / 60).toLocaleString('en');

function costOf(options: Options, outcome: Outcome): Cost {
  const { runs, events, runSeconds } = outcome;
  return monthlyCost({
    ...options,
    uploads: uploadsPerMonth(options),
    runsPerUpload: events === 0 ? 0 : runs / events,
    secondsPerRun: runs === 0 ? 0 : runSeconds / runs,
    logBytesPerRun: options.logBytes,
  });
}

if (require.main === module) void runTool(main);
