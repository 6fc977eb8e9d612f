import { parseArgs } from 'node:util';
import * as fc from 'fast-check';
import type { ScenarioOptions } from '../../__tests__/support/scenarios';
import { keepsItsPromises } from '../../__tests__/support/schedules';

const HELP = `Plays random schedules against the handler that moves uploads, and looks for one that breaks a promise.

  npm run test:schedules -- [--runs N] [--seed N] [--mode replace|keepBoth]

  --runs   how many schedules; 10000 unless given
  --seed   where to begin; another one every time unless given. The same seed plays the same schedules
  --mode   what is done where the destination holds something else; both in turn unless given

Every fourth schedule uploads the same bytes again. Ends 0 when every schedule kept the promises, and 1 with the
shortest counterexample that was found otherwise.`;

const BATCH = 2_000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '10000' },
      seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
      mode: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const runs = wholeNumber('--runs', values.runs);
  const seed = wholeNumber('--seed', values.seed);
  const { mode } = values;
  if (mode !== undefined && mode !== 'replace' && mode !== 'keepBoth') {
    throw new Error(`--mode: got ${mode}; expected replace or keepBoth`);
  }

  console.log(`${runs} schedules, seed ${seed}, ${mode ?? 'both modes'}`);
  const start = performance.now();
  for (let done = 0, batch = 0; done < runs; batch += 1) {
    const options: ScenarioOptions = { mode, repeats: batch % 4 === 3 };
    const numRuns = Math.min(BATCH, runs - done);
    await fc.assert(keepsItsPromises(options), { seed: seed + batch, numRuns });
    done += numRuns;
    const seconds = (performance.now() - start) / 1000;
    console.log(`${done} kept every promise (${Math.round(done / seconds)} a second)`);
  }
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0)
    throw new Error(`${name}: got ${text}; expected a whole number`);
  return number;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
