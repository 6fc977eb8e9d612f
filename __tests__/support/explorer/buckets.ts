import { S3Model, S3ModelError, type ModelOptions, type StoredVersion } from '../s3-model';
import type { Answer } from './replay';

/** What an effect does to a bucket. */
export interface Change {
  readonly bucket: number;
  readonly answer: Answer;
  /** Equal for equal answers. */
  readonly name: string;
}

type Versions = ReadonlyMap<string, readonly StoredVersion[]>;

/**
 * Every bucket that was met, by a number: all versions of all keys. One model of S3 takes on any of them, so that an
 * effect that was asked for in one may take place in another.
 */
export class Buckets {
  readonly slate: S3Model;
  readonly #buckets: Versions[] = [];
  readonly #numbers = new Map<string, number>();

  constructor(options?: ModelOptions) {
    this.slate = new S3Model(options);
  }

  /** The model, holding this bucket until the next one is asked for. */
  model(bucket: number): S3Model {
    this.slate.versions.clear();
    for (const [key, versions] of this.#buckets[bucket] ?? []) this.slate.versions.set(key, [...versions]);
    return this.slate;
  }

  /** The number of what the model holds now. Of equal versions that were processed only the last one matters. */
  number(): number {
    for (const [key, versions] of this.slate.versions)
      if (key.startsWith('processed/')) this.slate.versions.set(key, lastOfEach(versions));
    const name = [...this.slate.versions].sort(byKey).map(nameOf).join(';');
    let number = this.#numbers.get(name);
    if (number === undefined) {
      const versions = [...this.slate.versions].map(([key, all]) => [key, [...all]] as const);
      number = this.#buckets.push(new Map(versions)) - 1;
      this.#numbers.set(name, number);
    }
    return number;
  }

  change(bucket: number, effect: () => unknown): Change {
    this.model(bucket);
    try {
      const value = effect();
      return { bucket: this.number(), answer: { value }, name: JSON.stringify(value) };
    } catch (error) {
      if (!(error instanceof S3ModelError)) throw error;
      return { bucket, answer: { error }, name: `${error.status} ${error.message}` };
    }
  }
}

const byKey = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  one < other ? -1 : 1;

const nameOf = ([key, versions]: readonly [string, readonly StoredVersion[]]): string =>
  `${key}:${versions.map(({ deleteMarker, content }) => (deleteMarker ? '-' : content)).join('|')}`;

const lastOfEach = (versions: readonly StoredVersion[]): StoredVersion[] =>
  versions.filter(({ content }, i) => versions.findLastIndex((other) => other.content === content) === i);
