import type { Settings } from '../../../../config/settings';

/** What the settings expect of a bucket that exists. */
export interface Wanted {
  readonly name: string;
  readonly region: string;
  readonly versioned: boolean;
  /** Whether a move needs versions. */
  readonly replaces: boolean;
  readonly kmsKeyArn: string | undefined;
  readonly uploadPrefixes: readonly string[];
  readonly processedPrefixes: readonly string[];
  /** The names of the roles that reach the bucket. */
  readonly roles: readonly string[];
}

/** @returns undefined where the stack makes its bucket itself */
export function wantedOf(settings: Settings): Wanted | undefined {
  const { existing } = settings.bucket;
  if (existing === undefined) return undefined;
  const pairs = [settings.prefixes, ...settings.formerPrefixes];
  return {
    name: existing.name,
    region: settings.region,
    versioned: existing.versioned,
    replaces: settings.onExisting === 'replace',
    kmsKeyArn: existing.kmsKeyArn,
    uploadPrefixes: pairs.map(({ upload }) => upload),
    processedPrefixes: pairs.map(({ processed }) => processed),
    roles: ['process-upload', 'sweep'].map((name) => `${settings.namePrefix}-${name}`),
  };
}

/** Whether some keys lie under both prefixes. */
export const overlap = (one: string, other: string): boolean =>
  one.startsWith(other) || other.startsWith(one);

/** A prefix, for people. */
export const shown = (prefix: string): string => (prefix === '' ? 'everything' : prefix);

/** Quotes a text for a POSIX shell. */
export const quoted = (text: string): string =>
  /^[\w./=:-]+$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
