/** What one look found. */
export interface Check {
  /** What was looked at: `Credentials`. */
  readonly what: string;
  /** `failure`: a deploy cannot succeed. `warning`: it can, but something may not be as it was meant. */
  readonly level: 'ok' | 'warning' | 'failure';
  readonly found: string;
  /** What a person can do about it, in a sentence; with `ok` there is nothing to do. */
  readonly wayOut?: string;
}

export const ok = (what: string, found: string): Check => ({ what, level: 'ok', found });

export const warning = (what: string, found: string, wayOut: string): Check => ({
  what,
  level: 'warning',
  found,
  wayOut,
});

export const failure = (what: string, found: string, wayOut: string): Check => ({
  what,
  level: 'failure',
  found,
  wayOut,
});
