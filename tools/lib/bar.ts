const WIDTH = 24;

/** A progress bar for the note of a running step: `[████████░░░░░░░░] 50/100`. The total may be an estimate. */
export function bar(done: number, total: number): string {
  const whole = Math.max(total, done, 1);
  const filled = Math.floor((done / whole) * WIDTH);
  return `[${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}] ${done.toLocaleString('en')}/${Math.max(total, done).toLocaleString('en')}`;
}
