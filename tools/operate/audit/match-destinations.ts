import { byUtf8, type KeyHistory } from './history';

/** The histories of all keys below a prefix, in S3's order. */
export interface Listing {
  readonly prefix: string;
  readonly histories: AsyncIterable<KeyHistory>;
}

export interface Listings {
  readonly uploads: Listing;
  /** Where these uploads may have been moved: more than one after a change of prefixes. */
  readonly destinations: readonly Listing[];
}

/** An upload's key, with what its destinations hold. */
export interface Matched {
  /** The key below its prefix: the same for an upload and its plain destination. */
  readonly path: string;
  readonly uploads: KeyHistory;
  readonly destinations: readonly KeyHistory[];
}

interface Pending extends Matched {
  readonly destinations: KeyHistory[];
}

/**
 * Each upload's key with its destinations, by one walk along all listings. Memory does not grow with them: a second
 * name, `PATH.~ETAG`, sorts behind PATH with nothing but longer names that begin with PATH in between, so all that can
 * still wait for one are the beginnings of the present path.
 */
export async function* matchDestinations(listings: Listings): AsyncGenerator<Matched> {
  let pending: Pending[] = [];
  for await (const { path, upload, destinations } of inStep(listings)) {
    yield* pending.filter((waiting) => !path.startsWith(waiting.path));
    pending = pending.filter((waiting) => path.startsWith(waiting.path));
    if (upload) pending.push({ path, uploads: upload, destinations: [] });
    for (const waiting of pending) if (isNameOf(waiting, path)) waiting.destinations.push(...destinations);
  }
  yield* pending;
}

/**
 * The plain name, or a second name that one of the upload's versions can have been given.
 * @param candidate begins with the plain name
 */
export function isNameOf({ path, uploads }: Matched, candidate: string): boolean {
  const rest = candidate.slice(path.length);
  if (rest === '') return true;
  if (!rest.startsWith('.~')) return false;
  return uploads.versions.some(({ etag }) => rest.replaceAll(`.~${etag}`, '') === '');
}

interface Step {
  readonly path: string;
  readonly upload: KeyHistory | undefined;
  readonly destinations: readonly KeyHistory[];
}

/** All listings in one order, with what has the same path together. */
async function* inStep({ uploads, destinations }: Listings): AsyncGenerator<Step> {
  const readers = await Promise.all([uploads, ...destinations].map((listing) => Reader.of(listing)));
  for (;;) {
    const paths = readers.flatMap(({ path }) => path ?? []);
    if (paths.length === 0) return;
    const path = paths.reduce((least, other) => (byUtf8(other, least) < 0 ? other : least));
    const [upload, ...found] = await Promise.all(
      readers.map((reader) => (reader.path === path ? reader.take() : Promise.resolve(undefined))),
    );
    yield { path, upload, destinations: found.filter((history) => history !== undefined) };
  }
}

/** A listing, one history ahead. */
class Reader {
  #next: KeyHistory | undefined;

  private constructor(
    private readonly histories: AsyncIterator<KeyHistory, unknown>,
    private readonly prefix: string,
  ) {}

  static async of({ prefix, histories }: Listing): Promise<Reader> {
    const reader = new Reader(histories[Symbol.asyncIterator](), prefix);
    await reader.take();
    return reader;
  }

  /** Below the prefix; undefined: the listing has ended. */
  get path(): string | undefined {
    return this.#next?.key.slice(this.prefix.length);
  }

  async take(): Promise<KeyHistory | undefined> {
    const taken = this.#next;
    const result = await this.histories.next();
    this.#next = result.done === true ? undefined : result.value;
    return taken;
  }
}
