import * as fc from 'fast-check';
import type { ScenarioOptions } from '../../__tests__/support/scenarios';
import { keepsItsPromises } from '../../__tests__/support/schedules';
import { parseOptions, runTool, type Main } from '../lib/command';
import { messageOf, ToolError, UsageError } from '../lib/errors';
import { integerOption } from '../lib/options';
import { Progress } from '../lib/progress';
import { exhaustive, mutants } from './schedules/exhaustive';

const HELP = `Looks for an order of events, crashes and lost answers in which the handler or a redrive breaks a promise.

  npm run test:schedules -- [--runs N] [--seed N] [--mode replace|keepBoth]     random orders
  npm run test:schedules -- --exhaustive [--small] [--mode replace|keepBoth]    every order of small worlds
  npm run test:schedules -- --mutants                                           why each condition is needed

  --runs        how many schedules; 10000 unless given
  --seed        where to begin; another one every time unless given. The same seed plays the same schedules
  --mode        what is done where the destination holds something else; both in turn unless given
  --exhaustive  walks every order of a few uploads or failure records, runs and faults: what the tests walk, and two
                larger worlds; minutes, and 1.1 GB
  --small       only what the tests walk; seconds
  --mutants     leaves out one condition of the move, or of a redrive, after the other, and tells the shortest story to
                the harm

Every fourth random schedule uploads the same bytes again. Ends 0 when every promise was kept, but for the exceptions
that docs/adr/0002 tells, and 1 with the shortest counterexample that was found otherwise; 2 for a wrong command line.`;

const BATCH = 2_000;

export const main: Main = async (args) => {
  const { values } = parseOptions({
    args: [...args],
    options: {
      runs: { type: 'string', default: '10000' },
      seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
      mode: { type: 'string' },
      exhaustive: { type: 'boolean', default: false },
      small: { type: 'boolean', default: false },
      mutants: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const limits = { minimum: 0, maximum: Number.MAX_SAFE_INTEGER };
  const runs = integerOption(values.runs, { option: '--runs', ...limits });
  const seed = integerOption(values.seed, { option: '--seed', ...limits });
  const { mode } = values;
  if (mode !== undefined && mode !== 'replace' && mode !== 'keepBoth') {
    throw new UsageError(`--mode: got ${mode}; expected replace or keepBoth`);
  }

  if (values.exhaustive || values.mutants) {
    const progress = new Progress(process.stdout);
    const { small } = values;
    const kept = await (values.mutants ? mutants(progress) : exhaustive(progress, { mode, small }));
    return kept ? 0 : 1;
  }

  console.log(`${runs} schedules, seed ${seed}, ${mode ?? 'both modes'}`);
  const start = performance.now();
  for (let done = 0, batch = 0; done < runs; batch += 1) {
    const options: ScenarioOptions = { mode, repeats: batch % 4 === 3 };
    const numRuns = Math.min(BATCH, runs - done);
    await play(options, seed + batch, numRuns);
    done += numRuns;
    const seconds = (performance.now() - start) / 1000;
    console.log(`${done} kept every promise (${Math.round(done / seconds)} a second)`);
  }
  return 0;
};

/** @throws {ToolError} with the shortest counterexample */
async function play(options: ScenarioOptions, seed: number, numRuns: number): Promise<void> {
  try {
    await fc.assert(keepsItsPromises(options), { seed, numRuns });
  } catch (error) {
    throw new ToolError(messageOf(error), { cause: error });
  }
}

if (require.main === module) void runTool(main);
