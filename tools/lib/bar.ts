import { duration } from './terminal';

const WIDTH = 24;

/** A progress bar for the note of a running step: `[████████░░░░░░░░] 50/100`. The total may be an estimate. */
export function bar(done: number, total: number): string {
  const whole = Math.max(total, done, 1);
  const filled = Math.floor((done / whole) * WIDTH);
  return `[${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}] ${done.toLocaleString('en')}/${Math.max(total, done).toLocaleString('en')}`;
}

/** How fast it goes, and how long it will take: `8/s, 2 min 5 s left`. Empty while neither can be told. */
export function speed(done: number, total: number, elapsedMs: number): string {
  if (done === 0 || elapsedMs < 1000) return '';
  const perSecond = (done * 1000) / elapsedMs;
  const rate = `${perSecond.toLocaleString('en', { maximumSignificantDigits: 2 })}/s`;
  return done >= total ? rate : `${rate}, ${duration(((total - done) * 1000) / perSecond)} left`;
}
