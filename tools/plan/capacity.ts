import { writeFileSync } from 'node:fs';
import { loadSettings } from '../../config/environments';
import { runTool, type Main } from '../lib/command';
import { UsageError } from '../lib/errors';
import { coloursFor } from '../lib/terminal';
import { advise } from './capacity/advice';
import { svg } from './capacity/chart';
import type { Outcome } from './capacity/model';
import { HELP, readOptions, type Options } from './capacity/options';
import { run } from './capacity/plan';
import { monthlyCost, type Cost } from './capacity/prices';
import { report, titleOf, uploadsPerMonth } from './capacity/report';

/** A longer simulation shows its progress. */
const PROGRESS_AFTER_MS = 2_000;

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
    if (error instanceof RangeError) throw new UsageError(`--rate, --for and --burst: ${error.message}`);
    throw error;
  }
}

function withProgress(simulate: typeof run): typeof run {
  return (options) => {
    const started = performance.now();
    return simulate(options, (seconds) => {
      if (performance.now() - started < PROGRESS_AFTER_MS) return;
      console.error(`  … ${Math.round(seconds / 60).toLocaleString('en')} simulated minutes`);
    });
  };
}

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
