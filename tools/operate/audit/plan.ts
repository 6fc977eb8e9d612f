import type { PrefixPair } from '../../../handlers/process-upload/prefixes';

/** Uploads below one prefix, and where they may have been moved. */
export interface AuditPlan {
  readonly upload: string;
  readonly destinations: readonly string[];
  /** Below `upload`, and yet none of these uploads: what was moved, and what another plan is about. */
  readonly passOver: readonly string[];
}

/**
 * What to list for these pairs, present and former ones: each upload prefix once. A key below several of them is of the
 * longest, and may have been moved by an earlier pair, below that pair's own processed prefix.
 */
export function auditPlans(pairs: readonly PrefixPair[]): AuditPlan[] {
  const unique = <Item>(items: readonly Item[]): Item[] => [...new Set(items)];
  const uploads = unique(pairs.map(({ upload }) => upload));
  const processed = unique(pairs.map((pair) => pair.processed));
  return uploads.map((upload) => ({
    upload,
    destinations: unique(
      pairs
        .filter((pair) => upload.startsWith(pair.upload))
        .map((pair) => pair.processed + upload.slice(pair.upload.length)),
    ),
    passOver: [...processed, ...uploads].filter((prefix) => prefix !== upload && prefix.startsWith(upload)),
  }));
}
