import { boto3, ours, type Contender } from '../lib/contenders';
import { WarmContender, type WarmRun } from '../lib/drive';
import type { BenchContext, Section } from '../lib/section';
import { median, shuffled } from '../lib/statistics';
import { startStub, type Counts } from '../lib/stub';

const FIRST = 50;
/** By then just-in-time compilers have done most of their work. */
const WARM_UP = 1_000;
const CHUNK = 200;
const COPY_MS = 40;
const DELETE_MS = 20;

type Samples = Record<string, number[]>;

/** Samples by measurement and contender, in the order in which they first come. */
class Collected {
  readonly #all = new Map<string, { unit: string; samples: Samples }>();

  add(what: string, unit: string, contender: string, value: number): void {
    const entry = this.#all.get(what) ?? { unit, samples: {} };
    this.#all.set(what, entry);
    (entry.samples[contender] ??= []).push(value);
  }

  measurements() {
    return [...this.#all].map(([what, { unit, samples }]) => ({ what, unit, samples }));
  }

  median(what: string, contender: string): number {
    return median(this.#all.get(what)?.samples[contender] ?? []);
  }

  ratio(what: string): number {
    return this.median(what, 'ours') / this.median(what, 'boto3');
  }
}

export const warm: Section = {
  name: 'warm',
  about: 'objects a second, CPU and memory on a warm function',
  run: async (context) => {
    const contenders = [await ours(context), await boto3(context)];
    const collected = new Collected();
    const requests = await steady(context, contenders, collected);
    await withLatency(context, contenders, collected);
    const { objects, counts } = requests;
    return {
      title: 'Warm',
      measurements: collected.measurements(),
      ratios: [
        { what: 'objects a second, ours / boto3', value: collected.ratio(ONE), target: { least: 1.5 } },
        { what: 'CPU an object, ours / boto3', value: collected.ratio(CPU), target: { most: 0.68 } },
        {
          what: 'objects a second, ten records an event, ours / boto3',
          value: collected.ratio(TEN),
          target: { least: 2.2 },
        },
        {
          what: '32 records at 40 ms a copy and 20 ms a delete, ours, ms',
          value: collected.median(SLOW, 'ours'),
          target: { most: 200 },
        },
        {
          what: 'S3 requests an object, ours',
          value: (counts.copies + counts.deletes + counts.others) / objects,
          target: { most: 2 },
        },
        { what: 'of them conditional', value: (counts.guardedCopies + counts.guardedDeletes) / objects },
      ],
      notes: [
        'One event at a time, as Lambda gives them. Log lines go to /dev/null. Memory is the peak of the process.',
      ],
    };
  },
};

const ONE = 'one record an event';
const TEN = 'ten records an event';
const CPU = 'CPU an object';
const SLOW = `32 records, copies ${COPY_MS} ms, deletes ${DELETE_MS} ms`;

async function steady(context: BenchContext, contenders: Contender[], collected: Collected) {
  const stub = await startStub(context.root);
  const [processes, chunks] = context.quick ? [2, 4] : [5, 8];
  let objects = 0;
  let counts: Counts = { copies: 0, guardedCopies: 0, deletes: 0, guardedDeletes: 0, others: 0 };
  try {
    for (let process = 1; process <= processes; process += 1) {
      context.note(`process ${process} of ${processes}`);
      collected.add("the stub's own limit, one connection", 'requests/s', 'stub', await stub.limit(1, 500));
      collected.add("the stub's own limit, 16 connections", 'requests/s', 'stub', await stub.limit(16, 500));
      const running: WarmContender[] = [];
      for (const contender of contenders) running.push(await WarmContender.start(contender, stub));
      await stub.counts();
      for (const contender of shuffled(running)) {
        const run = await contender.run(FIRST, 1);
        add(`the first ${FIRST}`, contender, run, FIRST);
        if (contender.name === 'ours') {
          objects += FIRST;
          counts = sum(counts, await stub.counts());
        } else await stub.counts();
      }
      for (const contender of shuffled(running)) {
        const { peakMb } = await contender.run(WARM_UP, 1);
        collected.add('memory after 1,000', 'MB', contender.name, peakMb);
      }
      for (let chunk = 0; chunk < chunks; chunk += 1) {
        for (const contender of shuffled(running)) {
          const run = await contender.run(CHUNK, 1);
          add(ONE, contender, run, CHUNK);
          collected.add(CPU, 'ms', contender.name, run.cpuMs / CHUNK);
        }
        for (const contender of shuffled(running)) {
          add(TEN, contender, await contender.run(CHUNK / 10, 10), CHUNK);
        }
      }
      for (const contender of running) await contender.stop();
    }
  } finally {
    await stub.stop();
  }
  return { objects, counts };

  function add(what: string, { name }: WarmContender, run: WarmRun, moved: number): void {
    collected.add(what, 'objects/s', name, moved / (run.wallMs / 1000));
  }
}

/** A slow S3, which measures how many moves run concurrently. */
async function withLatency(context: BenchContext, contenders: Contender[], collected: Collected) {
  const stub = await startStub(context.root, { copyMs: COPY_MS, deleteMs: DELETE_MS });
  const rounds = context.quick ? 3 : 10;
  try {
    const running: WarmContender[] = [];
    for (const contender of contenders) running.push(await WarmContender.start(contender, stub));
    for (const contender of running) await contender.run(1, 32);
    for (let round = 1; round <= rounds; round += 1) {
      context.note(`32 records on a slow S3, round ${round} of ${rounds}`);
      for (const contender of shuffled(running)) {
        collected.add(SLOW, 'ms', contender.name, (await contender.run(1, 32)).wallMs);
      }
    }
    for (const contender of running) await contender.stop();
  } finally {
    await stub.stop();
  }
}

const sum = (one: Counts, other: Counts): Counts => ({
  copies: one.copies + other.copies,
  guardedCopies: one.guardedCopies + other.guardedCopies,
  deletes: one.deletes + other.deletes,
  guardedDeletes: one.guardedDeletes + other.guardedDeletes,
  others: one.others + other.others,
});
