import * as fc from 'fast-check';
import type { ScenarioOptions } from '../../__tests__/support/scenarios';
import { keepsItsPromises } from '../../__tests__/support/schedules';
import { parseOptions, runTool } from '../lib/command';
import { messageOf, ToolError, UsageError } from '../lib/errors';
import { integerOption } from '../lib/options';

const HELP = `Plays random schedules against the handler that moves uploads, and looks for one that breaks a promise.

  npm run test:schedules -- [--runs N] [--seed N] [--mode replace|keepBoth]

  --runs   how many schedules; 10000 unless given
  --seed   where to begin; another one every time unless given. The same seed plays the same schedules
  --mode   what is done where the destination holds something else; both in turn unless given

Every fourth schedule uploads the same bytes again. Ends 0 when every schedule kept the promises, and 1 with the
shortest counterexample that was found otherwise; 2 for a wrong command line.`;

const BATCH = 2_000;

void runTool(async (args) => {
  const { values } = parseOptions({
    args: [...args],
    options: {
      runs: { type: 'string', default: '10000' },
      seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
      mode: { type: 'string' },
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
});

/** @throws {ToolError} with the shortest counterexample */
async function play(options: ScenarioOptions, seed: number, numRuns: number): Promise<void> {
  try {
    await fc.assert(keepsItsPromises(options), { seed, numRuns });
  } catch (error) {
    throw new ToolError(messageOf(error), { cause: error });
  }
}
