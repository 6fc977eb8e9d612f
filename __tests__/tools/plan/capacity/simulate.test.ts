import {
  drainSeconds,
  erlangC,
  firstDropSeconds,
  meanWaitSeconds,
} from '../../../../tools/plan/capacity/closed-forms';
import type { Pipeline, Workload } from '../../../../tools/plan/capacity/model';
import { movesPerSecondOf } from '../../../../tools/plan/capacity/prefix-limit';
import { exponential } from '../../../../tools/plan/capacity/random';
import { OverloadError, simulate } from '../../../../tools/plan/capacity/simulate';

const nothing: Workload = { arrivalsPerSecond: 0, arrivalSeconds: 0, burst: 0, burstPerSecond: Infinity };

/** Everything that the theory knows nothing of is off. */
const ideal: Pipeline = {
  runSeconds: () => 0.1,
  initSeconds: 0,
  errorRate: 0,
  concurrency: 10,
  maximumRetryAttempts: 2,
  maximumEventAgeSeconds: 21_600,
  movesPerSecond: Infinity,
  queue: 'fifo',
};

describe('the simulation, against closed forms', () => {
  // A seed of its own for each: one lucky sequence of numbers must not be what they agree on.
  it.each([
    { servers: 1, arrivals: 1.2, service: 0.5, seed: 1 },
    { servers: 5, arrivals: 7, service: 0.5, seed: 3 },
    { servers: 20, arrivals: 140, service: 0.12, seed: 5 },
    { servers: 50, arrivals: 350, service: 0.12, seed: 7 },
  ])('waits as M/M/$servers does', ({ servers, arrivals, service, seed }) => {
    const outcome = simulate(
      { ...nothing, arrivalsPerSecond: arrivals, arrivalSeconds: 300_000 / arrivals },
      { ...ideal, concurrency: servers, runSeconds: (random) => exponential(random, 1 / service) },
      seed,
    );

    const expected = meanWaitSeconds(servers, arrivals, service);
    expect(Math.abs(outcome.meanWaitSeconds / expected - 1)).toBeLessThan(0.1);
    expect(Math.abs(outcome.waited / erlangC(servers, arrivals * service) - 1)).toBeLessThan(0.05);
    // Little's law: what runs on average is arrivals × service.
    expect(outcome.runSeconds / outcome.endSeconds / (arrivals * service)).toBeCloseTo(1, 1);
    expect(outcome.processed).toBe(outcome.events);
  });

  it('drains a burst of fixed runs in exactly as many rounds as it takes', () => {
    const outcome = simulate({ ...nothing, burst: 1_005 }, ideal);

    expect(outcome.burstDrainedSeconds).toBeCloseTo(101 * 0.1, 9);
    expect(outcome).toMatchObject({ processed: 1_005, runs: 1_005, throttles: 0, peakRunning: 10 });
  });

  it('drains a burst beside a steady load as the fluid limit says', () => {
    const outcome = simulate(
      { burst: 20_000, burstPerSecond: Infinity, arrivalsPerSecond: 60, arrivalSeconds: 900 },
      ideal,
    );

    // First in first out serves the burst before what came later: by then N·s/c has passed.
    expect(outcome.burstDrainedSeconds).toBeCloseTo(20_000 / 100, 1);
    const emptied = outcome.timeline.find(({ fromSeconds, queued }) => fromSeconds > 200 && queued < 50);
    const expected = drainSeconds(20_000, 60, 100);
    expect(Math.abs((emptied?.fromSeconds ?? 0) / expected - 1)).toBeLessThan(0.05);
  });

  it('drops what is too old from the moment, and in the part, that the fluid limit says', () => {
    const load = { ...nothing, arrivalsPerSecond: 150, arrivalSeconds: 4_000 };
    const outcome = simulate(load, { ...ideal, maximumEventAgeSeconds: 300 });

    const first = firstDropSeconds(150, 100, 300);
    expect(Math.abs((outcome.firstDroppedSeconds ?? 0) / first - 1)).toBeLessThan(0.03);
    // What can be served is served, until the queue is empty.
    expect(outcome.processed / (100 * outcome.endSeconds)).toBeCloseTo(1, 2);
    expect(outcome.oldestEventSeconds).toBeLessThan(300.2);
    expect(outcome.processed + outcome.dropped).toBe(outcome.events);
  });

  it('moves no more a second than S3 takes', () => {
    const outcome = simulate(
      { ...nothing, burst: 20_000 },
      { ...ideal, concurrency: 100, movesPerSecond: 500 },
    );

    expect(outcome.slowDowns).toBe(0);
    expect(outcome.burstDrainedSeconds).toBeCloseTo(20_000 / 500, 0);
  });

  it('fails, and comes again later, where S3 answers 503 for longer than the SDK tries', () => {
    const outcome = simulate(
      { ...nothing, burst: 2_000 },
      { ...ideal, concurrency: 1_000, movesPerSecond: 500 },
    );

    expect(outcome.slowDowns).toBeGreaterThan(0);
    expect(outcome.endSeconds).toBeGreaterThan(60);
    expect(outcome.processed + outcome.failed).toBe(2_000);
  });
});

describe('the simulation of Lambda’s own queue', () => {
  const lambda: Pipeline = { ...ideal, queue: 'backoff' };

  it('comes again after a second on average where it found no room, half a second more or less', () => {
    // The second of two has to wait, and the first is done before it comes again.
    const waits = Array.from({ length: 400 }, (_, seed) => {
      const pipeline = { ...lambda, concurrency: 1, runSeconds: () => 0.4 };
      return 2 * simulate({ ...nothing, burst: 2 }, pipeline, seed + 1).meanWaitSeconds;
    });

    expect(Math.min(...waits)).toBeGreaterThanOrEqual(0.5);
    expect(Math.max(...waits)).toBeLessThanOrEqual(1.5);
    expect(waits.reduce((sum, wait) => sum + wait, 0) / waits.length).toBeCloseTo(1, 1);
  });

  it('takes as long as the best queue or longer, and loses as little', () => {
    const load = { ...nothing, burst: 10_000 };
    const [best, real] = [simulate(load, ideal), simulate(load, lambda)];

    expect(real.burstDrainedSeconds).toBeGreaterThanOrEqual(best.burstDrainedSeconds ?? 0);
    expect(real.burstDrainedSeconds).toBeLessThan(10 * (best.burstDrainedSeconds ?? 0));
    expect(real).toMatchObject({ processed: 10_000, dropped: 0, failed: 0 });
    expect(real.throttles).toBeGreaterThan(0);
  });

  it('tries a throttled event again after 1 s, 2 s, 4 s …, half more or less', () => {
    // One execution, kept for 20 s by the first event: the second comes at about 1, 3, 7, 15 and 31 s.
    const outcome = simulate({ ...nothing, burst: 2 }, { ...lambda, concurrency: 1, runSeconds: () => 20 });

    expect(outcome.throttles).toBeGreaterThanOrEqual(4);
    expect(outcome.throttles).toBeLessThanOrEqual(6);
    expect(outcome.oldestEventSeconds).toBeGreaterThan(20);
    expect(outcome.oldestEventSeconds).toBeLessThan(1.5 * 63);
  });

  it('tries a failed event again after one minute, then two, and then gives it up', () => {
    const outcome = simulate({ ...nothing, burst: 1 }, { ...lambda, errorRate: 1 });

    expect(outcome).toMatchObject({ runs: 3, failed: 1, processed: 0, dropped: 0 });
    expect(outcome.firstFailedSeconds).toBeCloseTo(0.1 + 60 + 0.1 + 120 + 0.1, 9);
  });

  it.each([
    [0, 1],
    [1, 2],
  ])('with %i retries runs an event that always fails %i times', (maximumRetryAttempts, runs) => {
    const outcome = simulate({ ...nothing, burst: 1 }, { ...lambda, errorRate: 1, maximumRetryAttempts });

    expect(outcome).toMatchObject({ runs, failed: 1 });
  });

  it('drops a failed event that would be too old for its retry', () => {
    const outcome = simulate(
      { ...nothing, burst: 1 },
      { ...lambda, errorRate: 1, maximumEventAgeSeconds: 100 },
    );

    expect(outcome).toMatchObject({ runs: 2, dropped: 1, failed: 0 });
    expect(outcome.firstDroppedSeconds).toBeCloseTo(100, 9);
  });

  it('drops every event at once where nothing may run', () => {
    const outcome = simulate({ ...nothing, burst: 7 }, { ...lambda, concurrency: 0 });

    expect(outcome).toMatchObject({ runs: 0, dropped: 7, firstDroppedSeconds: 0, endSeconds: 0 });
  });

  it('starts each execution environment cold, once', () => {
    const outcome = simulate({ ...nothing, burst: 100 }, { ...lambda, initSeconds: 1 });

    expect(outcome.coldStarts).toBe(10);
    expect(outcome.runSeconds).toBeCloseTo(100 * 0.1 + 10 * 1, 6);
  });

  it('starts a thousand environments at once, and a thousand more ten seconds later', () => {
    const load = { ...nothing, burst: 3_000 };
    const run = { ...ideal, concurrency: 5_000, runSeconds: () => 15 };

    expect(simulate({ ...load, burst: 900 }, run).burstDrainedSeconds).toBe(15);
    expect(simulate(load, run).peakRunning).toBe(2_000);
  });

  it('bills a run by the millisecond, rounded up', () => {
    const outcome = simulate({ ...nothing, burst: 2 }, { ...lambda, runSeconds: () => 0.0101 });

    expect(outcome.runSeconds).toBeCloseTo(0.022, 9);
  });

  it('gives the same outcome for the same seed, and another for another', () => {
    const load = { ...nothing, arrivalsPerSecond: 50, arrivalSeconds: 100, burst: 500 };

    expect(simulate(load, lambda, 4)).toEqual(simulate(load, lambda, 4));
    expect(simulate(load, lambda, 5)).not.toEqual(simulate(load, lambda, 4));
  });

  it('refuses more events than it can tell apart', () => {
    expect(() => simulate({ ...nothing, arrivalsPerSecond: 1e5, arrivalSeconds: 1e5 }, lambda)).toThrow(
      'got 10,000,000,000 uploads; expected at most 2,000,000,000',
    );
  });

  it('says what waits for what when retries are more than it can simulate', () => {
    const load = { ...nothing, arrivalsPerSecond: 100, arrivalSeconds: 100 };
    const overloaded = () =>
      simulate(load, { ...lambda, runSeconds: () => 10, concurrency: 1 }, 1, undefined, 0);

    expect(overloaded).toThrow(OverloadError);
    expect(overloaded).toThrow(
      /^after \d+ simulated minutes, [\d,]+ uploads wait for 1 executions, and are retried until they are too old$/u,
    );
  });

  it('tells how far it is, and when it is over at the latest', () => {
    const told: number[][] = [];
    const load = { ...nothing, arrivalsPerSecond: 500, arrivalSeconds: 1_500 };
    const { endSeconds } = simulate(load, { ...ideal, concurrency: 100 }, 1, (...progress) =>
      told.push(progress),
    );

    expect(told.length).toBeGreaterThan(0);
    for (const [seconds = NaN, ofSeconds] of told) {
      expect(seconds).toBeLessThanOrEqual(endSeconds);
      expect(ofSeconds).toBe(1_500 + ideal.maximumEventAgeSeconds);
    }
  });
});

describe('what S3 takes on one prefix', () => {
  it.each([
    [3_500, 0, 3_500],
    [3_500, 1_000, 2_500],
    // Beyond half of it, uploads and deletes share alike.
    [3_500, 3_000, 1_750],
  ])('of %i writes a second and %i uploads leaves %i moves', (writes, uploads, moves) => {
    expect(movesPerSecondOf(writes, uploads)).toBe(moves);
  });
});
