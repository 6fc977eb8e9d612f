import type { KeyHistory, StoredVersion } from './history';

/**
 * What became of an upload.
 * - `processed`: its content is what its destination shows now
 * - `replaced`: its content is an older version of its destination, below a newer upload's
 * - `removed`: its content was at its destination, and someone deleted it there
 * - `waiting`: it is still below the upload prefix
 * - `overwritten`: a newer upload of the same name took its place before it was moved; its content is still stored as
 *   an older version
 * - `unaccounted`: it was deleted from the upload prefix, and no copy is at its destination. Someone other than the
 *   mover deleted it, or its copy was removed with all versions
 */
export const FATES = ['processed', 'replaced', 'removed', 'waiting', 'overwritten', 'unaccounted'] as const;
export type Fate = (typeof FATES)[number];

export interface Verdict {
  readonly upload: StoredVersion;
  readonly fate: Fate;
  /**
   * The copy has another ETag, as copies of multipart and KMS objects have, so that only its size and its time say
   * that it is the copy. https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
   */
  readonly bySizeAndTime: boolean;
}

/** S3's times are whole seconds: what happened later may carry the same time, and never an earlier one. */
const RESOLUTION_MS = 1_000;

/** What became of each version of an upload, by what its destinations hold: the plain name, and second names. */
export function judgeUpload(uploads: KeyHistory, destinations: readonly KeyHistory[]): Verdict[] {
  const copies = destinations.flatMap((destination) =>
    destination.versions.toReversed().map((version): Copy => ({ version, destination })),
  );
  const isCopy = (upload: StoredVersion) => (copy: Copy) =>
    copy.version.size === upload.size && copy.version.etag === upload.etag;
  // What no upload's ETag claims: copies of multipart and KMS objects, and what others wrote there.
  const unclaimed = copies.filter((copy) => !uploads.versions.some((upload) => isCopy(upload)(copy)));
  const taken = new Set<Copy>();
  const deletions = deletionsOf(uploads, (upload) => copies.some(isCopy(upload)));

  const verdicts = uploads.versions.toReversed().map((upload): Verdict => {
    if (upload.isLatest) return { upload, fate: 'waiting', bySizeAndTime: false };
    const equal = copies.filter(isCopy(upload));
    if (equal.length > 0) return { upload, fate: best(equal.map(fateOfCopy)), bySizeAndTime: false };

    const deletedAt = deletions.get(upload);
    if (deletedAt === undefined) return { upload, fate: 'overwritten', bySizeAndTime: false };
    const alike = unclaimed
      .filter(({ version }) => version.size === upload.size && version.at <= deletedAt + RESOLUTION_MS)
      .sort((one, other) => one.version.at - other.version.at);
    // A copy of its own, or else what was there already: the mover makes no second copy of the same bytes.
    const copy = alike.find((own) => own.version.at >= upload.at && !taken.has(own)) ?? alike.at(-1);
    if (copy === undefined) return { upload, fate: 'unaccounted', bySizeAndTime: false };
    taken.add(copy);
    return { upload, fate: fateOfCopy(copy), bySizeAndTime: true };
  });
  return verdicts.toReversed();
}

interface Copy {
  readonly version: StoredVersion;
  readonly destination: KeyHistory;
}

/**
 * When each upload was deleted; one that is missing was not, a newer upload of its name took its place. Where a marker
 * has the second of two uploads, it may be either's: it goes to one alone, and first to one whose copy is there, because
 * the mover deletes what it has copied.
 */
function deletionsOf(
  { versions, deleteMarkers }: KeyHistory,
  isCopied: (upload: StoredVersion) => boolean,
): ReadonlyMap<StoredVersion, number> {
  const deletions = new Map<StoredVersion, number>();
  const left = new Set(deleteMarkers);
  for (const upload of [...versions.filter(isCopied), ...versions.filter((other) => !isCopied(other))]) {
    const newer = versions[versions.indexOf(upload) - 1];
    const possible = [...left].filter(
      (marker) =>
        marker.at >= upload.at && (newer === undefined || (marker.at <= newer.at && !marker.isLatest)),
    );
    const sure = possible.filter(({ at }) => at > upload.at && at !== newer?.at);
    const own = sure.length > 0 ? sure : possible.slice(0, 1);
    for (const marker of own) left.delete(marker);
    // Without a newer version and without a marker that is kept: its delete marker expired.
    const at = own[0]?.at ?? (newer === undefined ? Infinity : undefined);
    if (at !== undefined) deletions.set(upload, at);
  }
  return deletions;
}

function fateOfCopy({ version, destination }: Copy): Fate {
  if (version.isLatest) return 'processed';
  return destination.deleteMarkers.some(({ isLatest }) => isLatest) ? 'removed' : 'replaced';
}

/** Of several copies of one upload, the one that is easiest to find. */
const best = (fates: readonly Fate[]): Fate => FATES.find((fate) => fates.includes(fate)) ?? 'unaccounted';
