import { isFolderMarker } from '../../../handlers/process-upload/keys';
import { FATES, judgeUpload, type Fate, type Verdict } from './judge-upload';
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

export interface AuditOptions {
  /** Only uploads from then on, in milliseconds since 1970. @default all */
  readonly since?: number | undefined;
  /** Keys whose events are in the failure queue. */
  readonly failedKeys?: ReadonlySet<string> | undefined;
  /** How many unaccounted uploads are named. */
  readonly named: number;
  readonly onProgress?: (result: AuditResult) => void;
}

const PROGRESS_EVERY = 1_000;

/** Counts what became of every upload. Nothing is kept of those that are accounted for. */
export async function audit(matched: AsyncIterable<Matched>, options: AuditOptions): Promise<AuditResult> {
  const counts = new AuditCounts(options);
  for await (const { uploads, destinations } of matched) {
    for (const verdict of judgeUpload(uploads, destinations)) counts.add(uploads.key, verdict);
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
