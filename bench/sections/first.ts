import { bareNode, barePython, boto3, ours, unbundled, unrehearsed, type Contender } from '../lib/contenders';
import { coldStart, firstInvocation } from '../lib/drive';
import { quotaOf, type Quota } from '../lib/quota';
import type { Ratio } from '../lib/result';
import type { BenchContext, Section } from '../lib/section';
import { median, shuffled } from '../lib/statistics';
import { startStub, type Stub } from '../lib/stub';

const ROUNDS = { quick: 4, full: 15 };
const MEMORIES_MB = [256, 512];

/** By contender, in milliseconds. */
type Samples = Record<string, number[]>;

interface Share {
  readonly memoryMb: number;
  readonly quota: Quota;
}

interface Run extends Share {
  readonly invocation: Samples;
  readonly loaded: Samples;
}

export const first: Section = {
  name: 'first',
  about: 'the first invocation with the CPU share of a Lambda function, after a full-speed init',
  run: async (context) => {
    const quotas: Share[] = [];
    for (const memoryMb of MEMORIES_MB) {
      const quota = await quotaOf(memoryMb);
      if (typeof quota === 'string') return skipped(quota);
      quotas.push({ memoryMb, quota });
    }
    const stub = await startStub(context.root);
    try {
      const runs = await measure(context, stub, quotas);
      return {
        title: 'First invocation, over HTTPS',
        measurements: runs.flatMap(({ memoryMb, invocation, whole }) => [
          { what: `the invocation at ${memoryMb} MB`, unit: 'ms', samples: invocation },
          { what: `start to moved at ${memoryMb} MB, net of the runtime`, unit: 'ms', samples: whole },
        ]),
        ratios: runs.map(({ memoryMb, whole }): Ratio => {
          const value = median(whole.ours ?? []) / median(whole.boto3 ?? []);
          return {
            what: `start to moved at ${memoryMb} MB, ours / boto3`,
            value,
            ...(memoryMb === 512 && { target: { most: 0.5 } }),
          };
        }),
        notes: [
          'Init runs at full speed, the invocation with memory / 1,769 MB of a CPU, in turns of 20 ms.',
        ],
      };
    } finally {
      await stub.stop();
      for (const { quota } of quotas) await quota.release().catch(() => undefined);
    }
  },
};

const skipped = (reason: string) => ({
  title: 'First invocation',
  measurements: [],
  ratios: [],
  notes: [`Skipped: ${reason}.`],
});

async function measure(context: BenchContext, stub: Stub, quotas: readonly Share[]) {
  const contenders = [
    await ours(context),
    await unrehearsed(context),
    await unbundled(context),
    await boto3(context),
  ];
  const floors = { node: bareNode(context), python: await barePython(context) };
  const bare = { node: [] as number[], python: [] as number[] };
  const runs = quotas.map((one): Run => ({ ...one, invocation: {}, loaded: {} }));
  const rounds = context.quick ? ROUNDS.quick : ROUNDS.full;
  // The first round fills the file cache and is not counted.
  for (let round = 0; round <= rounds; round += 1) {
    context.note(`round ${round} of ${rounds}`);
    for (const name of ['node', 'python'] as const) {
      const { loadedMs } = await coldStart(floors[name], stub);
      if (round > 0) bare[name].push(loadedMs);
    }
    for (const { quota, invocation, loaded } of runs) {
      for (const contender of shuffled<Contender>(contenders)) {
        const { loadedMs, invocationMs } = await firstInvocation(contender, stub.secure, quota);
        if (round === 0) continue;
        (invocation[contender.name] ??= []).push(invocationMs);
        (loaded[contender.name] ??= []).push(loadedMs);
      }
    }
  }
  const floorOf = (name: string) => median(name === 'boto3' ? bare.python : bare.node);
  return runs.map(({ memoryMb, invocation, loaded }) => ({
    memoryMb,
    invocation: inOrder(contenders, (name) => invocation[name] ?? []),
    whole: inOrder(contenders, (name) =>
      (invocation[name] ?? []).map((ms, nth) => ms + (loaded[name]?.[nth] ?? NaN) - floorOf(name)),
    ),
  }));
}

const inOrder = (contenders: readonly Contender[], samples: (name: string) => number[]): Samples =>
  Object.fromEntries(contenders.map(({ name }) => [name, samples(name)]));
