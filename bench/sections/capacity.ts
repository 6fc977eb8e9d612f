import { meanWaitSeconds } from '../../tools/plan/capacity/closed-forms';
import type { Pipeline } from '../../tools/plan/capacity/model';
import { exponential, lognormal } from '../../tools/plan/capacity/random';
import { simulate } from '../../tools/plan/capacity/simulate';
import type { Section } from '../lib/section';

const EVENTS = 1_000_000;
const SERVICE_SECONDS = 0.12;

export const capacity: Section = {
  name: 'capacity',
  about: 'the capacity model: a million events, and how near it is to theory',
  run: ({ note }) => {
    const pipeline: Pipeline = {
      runSeconds: lognormal(SERVICE_SECONDS, 0.5),
      initSeconds: 0.25,
      errorRate: 0.001,
      concurrency: 50,
      maximumRetryAttempts: 2,
      maximumEventAgeSeconds: 21_600,
      movesPerSecond: 3_000,
      queue: 'backoff',
    };
    const load = { arrivalsPerSecond: 350, arrivalSeconds: EVENTS / 350, burst: 0, burstPerSecond: Infinity };
    note('a million events');
    const started = performance.now();
    const { events } = simulate(load, pipeline);
    const seconds = (performance.now() - started) / 1000;
    const { meanWaitSeconds: waited } = simulate(load, {
      ...pipeline,
      runSeconds: (random) => exponential(random, 1 / SERVICE_SECONDS),
      initSeconds: 0,
      errorRate: 0,
      movesPerSecond: Infinity,
      queue: 'fifo',
    });
    return Promise.resolve({
      title: 'Capacity model',
      measurements: [
        { what: 'events a second', unit: '', samples: { simulated: [events / seconds] } },
        { what: 'a million events', unit: 's', samples: { simulated: [seconds * (EVENTS / events)] } },
      ],
      ratios: [
        {
          what: 'mean wait, simulated / Erlang C (M/M/50)',
          value: waited / meanWaitSeconds(50, load.arrivalsPerSecond, SERVICE_SECONDS),
        },
      ],
      notes: ['`npm run capacity` plays a load of your own.'],
    });
  },
};
