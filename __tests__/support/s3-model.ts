import { createHash } from 'node:crypto';

/** An error as S3 answers it. */
export class S3ModelError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly condition?: string,
    message?: string,
  ) {
    super(message ?? `${code}${condition === undefined ? '' : ` (${condition})`}`);
    this.name = code;
  }
}

/** What an object carries besides its content. */
export interface Attributes {
  readonly metadata?: Readonly<Record<string, string>>;
  /** Content headers, storage class and encryption, by their HTTP names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface StoredVersion extends Attributes {
  readonly content: string;
  readonly etag: string;
  readonly size: number;
  /** Over the whole object; undefined: it has none. */
  readonly checksum: string | undefined;
  readonly deleteMarker: boolean;
  /** By name. CopyObject carries them over, an upload in parts does not. */
  readonly annotations?: ReadonlyMap<string, string>;
}

export interface Conditions {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
}

export interface ModelOptions {
  /** `opaque`: as with KMS, every write has another ETag, a copy another than its source. @default 'md5' */
  readonly etags?: 'md5' | 'opaque';
  /** Objects carry a checksum over the whole. @default true */
  readonly checksums?: boolean;
  /** A 412 says which condition did not hold. @default true */
  readonly namesConditions?: boolean;
}

interface MultipartUpload {
  readonly key: string;
  readonly attributes: Attributes;
  readonly parts: Map<number, { source: StoredVersion; first: number; last: number; etag: string }>;
}

/**
 * A versioned bucket as S3's documentation has it: conditions, delete markers, ETags, multipart uploads. Every method
 * takes effect at once; what happens between reading and writing is up to the caller (see `perform`).
 */
export class S3Model {
  readonly versions = new Map<string, StoredVersion[]>();
  readonly uploads = new Map<string, MultipartUpload>();
  #writes = 0;

  constructor(private readonly options: ModelOptions = {}) {}

  /** `size`: as if the content had so many bytes. `checksum`: as if this were its CRC, which can be forged. */
  put(
    key: string,
    content: string,
    attributes: Attributes & { size?: number; checksum?: string } = {},
  ): StoredVersion {
    return this.#write(key, content, attributes.size ?? Buffer.byteLength(content), attributes);
  }

  current(key: string): StoredVersion | undefined {
    const latest = this.versions.get(key)?.at(-1);
    return latest?.deleteMarker === true ? undefined : latest;
  }

  /** S3's id of the current version. */
  versionId = (key: string): string => `version-${String(this.versions.get(key)?.length)}`;

  /** The keys below a prefix that hold something now. */
  keys(prefix = ''): string[] {
    return [...this.versions.keys()].filter((key) => key.startsWith(prefix) && this.current(key)).sort();
  }

  /** Reads the object; `name` is how the condition on it is called. */
  read(key: string, ifMatch?: string, name = 'If-Match'): StoredVersion {
    const object = this.current(key);
    if (!object) throw new S3ModelError(404, 'NoSuchKey');
    if (ifMatch !== undefined && object.etag !== unquote(ifMatch)) throw this.#unmet(name);
    return object;
  }

  writeCopy(key: string, source: StoredVersion, conditions: Conditions): StoredVersion {
    this.#check(key, conditions);
    // CopyObject sets the storage class and the encryption anew.
    const headers = Object.entries(source.headers ?? {}).filter(([name]) => !name.startsWith('x-amz-'));
    const written = this.#write(key, source.content, source.size, {
      ...source,
      headers: Object.fromEntries(headers),
    });
    return source.annotations ? this.#annotate(key, written, source.annotations) : written;
  }

  /** `ifMatch`: the ETag that the object must have. */
  putAnnotation(key: string, name: string, payload: string, ifMatch?: string): void {
    const object = this.read(key, ifMatch, 'x-amz-object-if-match');
    this.#annotate(key, object, new Map([...(object.annotations ?? []), [name, payload]]));
  }

  getAnnotation(key: string, name: string): string {
    const payload = this.read(key).annotations?.get(name);
    if (payload === undefined) throw new S3ModelError(404, 'NoSuchAnnotation');
    return payload;
  }

  remove(key: string, ifMatch?: string): void {
    if (ifMatch !== undefined) this.read(key, ifMatch);
    this.#append(key, { content: '', etag: '', size: 0, checksum: undefined, deleteMarker: true });
  }

  createUpload(key: string, attributes: Attributes): string {
    const id = `upload-${String(++this.#writes)}`;
    this.uploads.set(id, { key, attributes, parts: new Map() });
    return id;
  }

  writePart(id: string, number: number, source: StoredVersion, first: number, last: number): string {
    const etag = md5(`${source.content} ${String(first)}-${String(last)}`);
    this.#upload(id).parts.set(number, { source, first, last, etag });
    return etag;
  }

  completeUpload(id: string, etags: readonly string[], conditions: Conditions): StoredVersion {
    const { key, attributes, parts } = this.#upload(id);
    this.#check(key, conditions);
    const ordered = [...parts].sort(([a], [b]) => a - b).map(([, part]) => part);
    const [first] = ordered;
    if (!first || ordered.some(({ etag }, i) => etag !== etags[i]))
      throw new S3ModelError(400, 'InvalidPart');
    const whole =
      ordered.every(
        (part, i) => part.source === first.source && part.first === (ordered[i - 1]?.last ?? -1) + 1,
      ) && ordered.at(-1)?.last === first.source.size - 1;
    this.uploads.delete(id);
    const content = whole
      ? first.source.content
      : `torn: ${ordered.map(({ source }) => source.content).join('|')}`;
    return this.#write(
      key,
      content,
      first.source.size,
      attributes,
      `${md5(content)}-${String(ordered.length)}`,
    );
  }

  abortUpload(id: string): void {
    this.#upload(id);
    this.uploads.delete(id);
  }

  #upload(id: string): MultipartUpload {
    const upload = this.uploads.get(id);
    if (!upload) throw new S3ModelError(404, 'NoSuchUpload');
    return upload;
  }

  #check(key: string, { ifMatch, ifNoneMatch }: Conditions): void {
    if (ifNoneMatch === '*' && this.current(key)) throw this.#unmet('If-None-Match');
    if (ifMatch !== undefined) this.read(key, ifMatch);
  }

  #unmet(condition: string): S3ModelError {
    return new S3ModelError(
      412,
      'PreconditionFailed',
      this.options.namesConditions === false ? undefined : condition,
    );
  }

  #write(
    key: string,
    content: string,
    size: number,
    attributes: Attributes & { checksum?: string | undefined },
    etag = md5(content),
  ): StoredVersion {
    if (Buffer.byteLength(key) > 1024) throw new S3ModelError(400, 'KeyTooLongError');
    const { metadata = {}, tags = {}, checksum = md5(`checksum of ${content}`) } = attributes;
    const headers: Record<string, string> = { ...attributes.headers };
    if (this.options.etags === 'opaque') headers['x-amz-server-side-encryption'] ??= 'aws:kms';
    return this.#append(key, {
      content,
      size,
      metadata,
      headers,
      tags,
      etag: this.options.etags === 'opaque' ? md5(`write ${String(++this.#writes)}`) : etag,
      checksum: this.options.checksums === false ? undefined : checksum,
      deleteMarker: false,
    });
  }

  /** Annotations are not part of a version's content: no new version, no new ETag. */
  #annotate(
    key: string,
    version: StoredVersion,
    annotations: NonNullable<StoredVersion['annotations']>,
  ): StoredVersion {
    const annotated = { ...version, annotations };
    this.versions.set(
      key,
      (this.versions.get(key) ?? []).map((one) => (one === version ? annotated : one)),
    );
    return annotated;
  }

  #append(key: string, version: StoredVersion): StoredVersion {
    const versions = this.versions.get(key);
    if (versions) versions.push(version);
    else this.versions.set(key, [version]);
    return version;
  }
}

export const md5 = (content: string): string => createHash('md5').update(content).digest('hex');

const unquote = (etag: string): string => etag.replaceAll('"', '');
