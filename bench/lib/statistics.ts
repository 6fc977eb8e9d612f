/** The middle of the samples; of an even number, halfway between the two in the middle. NaN of none. */
export const median = (samples: readonly number[]): number => quantile(samples, 0.5);

/** @param part 0–1; between two samples, in proportion */
export function quantile(samples: readonly number[], part: number): number {
  const sorted = [...samples].sort((one, other) => one - other);
  const position = part * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? NaN;
  const above = sorted[Math.ceil(position)] ?? NaN;
  return below + (above - below) * (position - Math.floor(position));
}

/** Another order of the same items, so that no contender always follows the same other. */
export function shuffled<T>(items: readonly T[], random: () => number = Math.random): T[] {
  const order = items.map((item) => ({ item, place: random() }));
  return order.sort((one, other) => one.place - other.place).map(({ item }) => item);
}
