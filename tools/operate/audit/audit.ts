import { isFolderMarker } from '../../../handlers/process-upload/keys';
import { FATES, judgeUpload, type Fate, type Verdict } from './judge-upload';
import type { KeyHistory } from './history';
import type { Matched } from './match-destinations';

/** An upload that someone should look at. */
export interface Finding {
  readonly key: string;
  readonly versionId: string;
  readonly size: number;
  readonly uploadedAt: number;
}

export interface AuditResult {
  /** Uploads looked at: every version that is kept below the upload prefix. */
  readonly uploads: number;
  readonly fates: Readonly<Record<Fate, number>>;
  /** Of the waiting ones, those whose event is in the failure queue; undefined: nobody said what is in it. */
  readonly failed: number | undefined;
  /** Copies known by size and time only. */
  readonly bySizeAndTime: number;
  /** When the oldest waiting upload was uploaded. */
  readonly oldestWaiting: number | undefined;
  /** The first of the unaccounted ones. */
  readonly unaccounted: readonly Finding[];
  /** Uploads whose version is `null`: while versioning was off, S3 kept nothing of what was moved. */
  readonly unversioned: number;
}

/** An upload's key, with what its destinations held when their listing was read. */
export interface Listed extends Matched {
  /** What they hold now. */
  readonly lookAgain: () => Promise<readonly KeyHistory[]>;
}

export interface AuditOptions {
  /** In milliseconds since 1970. @default 0: every upload that seems unaccounted for is looked at again */
  readonly beganAt?: number;
  /** Only uploads from then on, in milliseconds since 1970. @default all */
  readonly since?: number | undefined;
  /** Keys whose events are in the failure queue. */
  readonly failedKeys?: ReadonlySet<string> | undefined;
  /** How many unaccounted uploads are named. */
  readonly named: number;
  readonly onProgress?: (result: AuditResult) => void;
}

const PROGRESS_EVERY = 1_000;

/** How far this machine's clock may be behind S3's, and more: S3 refuses requests that are 15 minutes off. */
const CLOCKS_APART_MS = 3_600_000;

/**
 * Counts what became of every upload. Nothing is kept of those that are accounted for.
 *
 * The mover goes on meanwhile, and a listing of the destinations may be older than that of the uploads. Whoever sees that
 * an upload was deleted finds its copy afterwards, if there is one: the mover copies first. So what has no copy and was
 * deleted lately is looked at again.
 */
export async function audit(listed: AsyncIterable<Listed>, options: AuditOptions): Promise<AuditResult> {
  const counts = new AuditCounts(options);
  const lately = (options.beganAt ?? 0) - CLOCKS_APART_MS;
  for await (const { uploads, destinations, lookAgain } of listed) {
    let verdicts = judgeUpload(uploads, destinations);
    if (
      verdicts.some(({ fate }) => fate === 'unaccounted') &&
      uploads.deleteMarkers.some(({ at }) => at >= lately)
    ) {
      verdicts = judgeUpload(uploads, await lookAgain());
    }
    for (const verdict of verdicts) counts.add(uploads.key, verdict);
  }
  return counts.result();
}

class AuditCounts {
  readonly #fates = Object.fromEntries(FATES.map((fate) => [fate, 0])) as Record<Fate, number>;
  readonly #unaccounted: Finding[] = [];
  #uploads = 0;
  #failed = 0;
  #bySizeAndTime = 0;
  #unversioned = 0;
  #oldestWaiting: number | undefined;

  constructor(private readonly options: AuditOptions) {}

  add(key: string, { upload, fate, bySizeAndTime }: Verdict): void {
    const { since = -Infinity, failedKeys, named, onProgress } = this.options;
    if (upload.at < since || isFolderMarker(key, upload.size)) return;
    this.#uploads += 1;
    this.#fates[fate] += 1;
    if (bySizeAndTime) this.#bySizeAndTime += 1;
    if (upload.versionId === 'null') this.#unversioned += 1;
    if (fate === 'waiting') {
      if (failedKeys?.has(key) === true) this.#failed += 1;
      this.#oldestWaiting = Math.min(this.#oldestWaiting ?? Infinity, upload.at);
    }
    if (fate === 'unaccounted' && this.#unaccounted.length < named) {
      const { versionId, size, at } = upload;
      this.#unaccounted.push({ key, versionId, size, uploadedAt: at });
    }
    if (this.#uploads % PROGRESS_EVERY === 0) onProgress?.(this.result());
  }

  result(): AuditResult {
    return {
      uploads: this.#uploads,
      fates: { ...this.#fates },
      failed: this.options.failedKeys && this.#failed,
      bySizeAndTime: this.#bySizeAndTime,
      oldestWaiting: this.#oldestWaiting,
      unaccounted: [...this.#unaccounted],
      unversioned: this.#unversioned,
    };
  }
}
