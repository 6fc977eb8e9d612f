import { bareNode, barePython, boto3, ours, unbundled, unrehearsed } from '../lib/contenders';
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
      await unrehearsed(context),
      await unbundled(context),
      await boto3(context),
      bareNode(context),
      await barePython(context),
    ];
    const loaded = Object.fromEntries(contenders.map(({ name }) => [name, [] as number[]]));
    const movers = contenders.filter(({ handler }) => handler !== undefined);
    const moved = Object.fromEntries(movers.map(({ name }) => [name, [] as number[]]));
    const movedSecurely = Object.fromEntries(movers.map(({ name }) => [name, [] as number[]]));
    const stub = await startStub(context.root);
    try {
      const rounds = context.quick ? ROUNDS.quick : ROUNDS.full;
      // The first round fills the file cache, and Python's own, and is not counted.
      for (let round = 0; round <= rounds; round += 1) {
        context.note(`round ${round} of ${rounds}`);
        for (const contender of shuffled(contenders)) {
          const { loadedMs, movedMs } = await coldStart(contender, stub);
          if (round === 0) continue;
          loaded[contender.name]?.push(loadedMs);
          if (movedMs === undefined) continue;
          moved[contender.name]?.push(movedMs);
          const secure = await coldStart(contender, stub.secure);
          loaded[contender.name]?.push(secure.loadedMs);
          movedSecurely[contender.name]?.push(secure.movedMs ?? NaN);
        }
      }
    } finally {
      await stub.stop();
    }

    /** Subtracts the time of the runtime itself. */
    const net = (samples: typeof loaded, name: string, floor: string): number =>
      median(samples[name] ?? []) - median(loaded[floor] ?? []);
    const against = (samples: typeof loaded, name: string): number =>
      net(samples, name, 'bare node') / net(samples, 'boto3', 'bare python');
    return {
      title: 'Cold start',
      measurements: [
        { what: 'handler loaded', unit: 'ms', samples: loaded },
        { what: 'first object moved, over HTTPS', unit: 'ms', samples: movedSecurely },
        { what: 'first object moved, over HTTP', unit: 'ms', samples: moved },
      ],
      ratios: [
        {
          what: 'handler loaded, unrehearsed / boto3, net of the runtimes',
          value: against(loaded, 'unrehearsed'),
          target: { most: 0.15 },
        },
        {
          what: 'handler loaded and rehearsed, ours / boto3, net of the runtimes',
          value: against(loaded, 'ours'),
        },
        {
          what: 'first object moved, over HTTPS, ours / boto3, net of the runtimes',
          value: against(movedSecurely, 'ours'),
          target: { most: 0.27 },
        },
        {
          what: 'first object moved, over HTTP, ours / boto3, net of the runtimes',
          value: against(moved, 'ours'),
        },
        {
          what: 'handler loaded, unrehearsed / unbundled, net of the runtime',
          value: net(loaded, 'unrehearsed', 'bare node') / net(loaded, 'unbundled', 'bare node'),
        },
      ],
      notes: [
        'Medians (and the middle half). Ours with its conditions, log lines and metrics; boto3 has none of them.',
      ],
    };
  },
};
