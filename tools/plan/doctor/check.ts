/** The result of one check. */
export interface Check {
  /** The subject of the check, e.g. `Credentials`. */
  readonly what: string;
  /** `failure`: a deploy cannot succeed. `warning`: it can, but check the finding first. */
  readonly level: 'ok' | 'warning' | 'failure';
  readonly found: string;
  /** The way out, in a sentence; left out with `ok`. */
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
