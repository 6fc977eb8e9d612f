import { bareNode, barePython, boto3, ours, unbundled } from '../lib/contenders';
import { coldStart } from '../lib/drive';
import type { Section } from '../lib/section';
import { median, shuffled } from '../lib/statistics';
import { startStub } from '../lib/stub';

const ROUNDS = { quick: 8, full: 30 };

export const cold: Section = {
  name: 'cold',
  about: 'process start to handler loaded, and to the first object moved',
  run: async (context) => {
    const contenders = [
      await ours(context),
      await unbundled(context),
      await boto3(context),
      bareNode(context),
      await barePython(context),
    ];
    const loaded = Object.fromEntries(contenders.map(({ name }) => [name, [] as number[]]));
    const moved = Object.fromEntries(contenders.slice(0, 3).map(({ name }) => [name, [] as number[]]));
    const stub = await startStub(context.root);
    try {
      const rounds = context.quick ? ROUNDS.quick : ROUNDS.full;
      // The first round fills the file cache, and Python's own, and is not counted.
      for (let round = 0; round <= rounds; round += 1) {
        context.note(`round ${round} of ${rounds}`);
        for (const contender of shuffled(contenders)) {
          const { loadedMs, movedMs } = await coldStart(contender, stub.url);
          if (round === 0) continue;
          loaded[contender.name]?.push(loadedMs);
          if (movedMs !== undefined) moved[contender.name]?.push(movedMs);
        }
      }
    } finally {
      await stub.stop();
    }

    /** Subtracts the time of the runtime itself. */
    const net = (samples: typeof loaded, name: string, floor: string): number =>
      median(samples[name] ?? []) - median(loaded[floor] ?? []);
    const against = (samples: typeof loaded): number =>
      net(samples, 'ours', 'bare node') / net(samples, 'boto3', 'bare python');
    return {
      title: 'Cold start',
      measurements: [
        { what: 'handler loaded', unit: 'ms', samples: loaded },
        { what: 'first object moved', unit: 'ms', samples: moved },
      ],
      ratios: [
        {
          what: 'handler loaded, ours / boto3, net of the runtimes',
          value: against(loaded),
          target: { most: 0.15 },
        },
        {
          what: 'first object moved, ours / boto3, net of the runtimes',
          value: against(moved),
          target: { most: 0.25 },
        },
        {
          what: 'handler loaded, ours / unbundled, net of the runtime',
          value: net(loaded, 'ours', 'bare node') / net(loaded, 'unbundled', 'bare node'),
        },
      ],
      notes: [
        'Medians (and the middle half). Ours with its conditions, log lines and metrics; boto3 has none of them.',
      ],
    };
  },
};
