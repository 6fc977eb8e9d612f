import type { Given, History, Standing } from './replay';

/** What a run may know: what it began with, and the answers since; not how often it had to ask for them. */
export function knows(standing: Standing, history: History): string {
  const kept: Given[] = [];
  for (const given of history.slice(standing.began?.after ?? 0)) {
    const vain = kept.findLastIndex((one) => isPassing(one) && one.asked === given.asked);
    if (vain >= 0 && !isPassing(given)) {
      // What was asked again after it may have more than one half.
      const { asked: again } = kept[vain + 1] ?? given;
      const start = kept.findIndex(({ asked }) => asked === again);
      kept.splice(start, vain + 1 - start);
    }
    kept.push(given);
  }
  return JSON.stringify([standing.began?.what, kept.map(({ name }) => name), wants(standing)]);
}

const isPassing = ({ answer }: Given): boolean => 'error' in answer && answer.isPassing === true;

/** All that tells one request from another. */
export const wants = (standing: Standing | undefined): string =>
  standing?.asks === undefined
    ? `end ${standing?.failure ?? ''}`
    : `${standing.asks.label} ${standing.asks.details}`;
