import type { Dependencies, Summary } from './dependencies';
import { redrive, type RedriveOptions } from './redrive';

/** Redrives several queues, one after the other. */
export async function redriveAll(
  queues: readonly Dependencies[],
  options: RedriveOptions,
  onProgress: (summary: Summary) => void,
): Promise<Summary> {
  let all: Summary | undefined;
  for (const dependencies of queues) {
    const before = all;
    const sum = (summary: Summary): Summary => (before === undefined ? summary : together(before, summary));
    const max = options.max === undefined ? undefined : options.max - (before?.redriven ?? 0);
    all = sum(
      await redrive(
        {
          ...dependencies,
          onProgress: (summary) => {
            onProgress(sum(summary));
          },
        },
        { ...options, max },
      ),
    );
  }
  if (all === undefined) throw new Error('A pipeline has a failure queue');
  return all;
}

const sumOf = (counts: Readonly<Partial<Record<string, number>>>): number =>
  Object.values(counts).reduce<number>((sum, number = 0) => sum + number, 0);

/** Records that stay in the queues. */
export const leftOf = ({ skipped, refused, unseen }: Summary): number =>
  sumOf(skipped) + sumOf(refused) + unseen;

/** Records that were decided about. */
export const lookedAt = ({ redriven, skipped, refused, failedAgain, arrived }: Summary): number =>
  sumOf(skipped) + sumOf(refused) + redriven + failedAgain + arrived;

/** Two redrives, of two queues, as one. */
function together(one: Summary, other: Summary): Summary {
  const sum = <Key extends string>(
    some: Readonly<Partial<Record<Key, number>>>,
    more: Readonly<Partial<Record<Key, number>>>,
  ): Partial<Record<Key, number>> => {
    const result: Partial<Record<Key, number>> = { ...some };
    for (const key of Object.keys(more) as Key[]) result[key] = (result[key] ?? 0) + (more[key] ?? 0);
    return result;
  };
  return {
    redriven: one.redriven + other.redriven,
    skipped: sum(one.skipped, other.skipped),
    refused: sum(one.refused, other.refused) as Record<string, number>,
    failedAgain: one.failedAgain + other.failedAgain,
    arrived: one.arrived + other.arrived,
    unseen: one.unseen + other.unseen,
    ended: other.ended === 'empty' ? one.ended : other.ended,
  };
}
