import { byUtf8, type KeyHistory } from './history';

export interface Prefixes {
  readonly upload: string;
  readonly processed: string;
}

/** An upload's key, with what its destinations hold. */
export interface Matched {
  readonly uploads: KeyHistory;
  readonly destinations: readonly KeyHistory[];
}

interface Pending {
  /** The key below its prefix: the same for an upload and its plain destination. */
  readonly path: string;
  readonly uploads: KeyHistory;
  readonly destinations: KeyHistory[];
}

/**
 * Each upload's key with its destinations, by one walk along both listings. Memory does not grow with them: a second
 * name, `PATH.~ETAG`, sorts behind PATH with nothing but longer names that begin with PATH in between, so all that can
 * still wait for one are the beginnings of the present path.
 */
export async function* matchDestinations(
  uploads: AsyncIterable<KeyHistory>,
  processed: AsyncIterable<KeyHistory>,
  prefixes: Prefixes,
): AsyncGenerator<Matched> {
  let pending: Pending[] = [];
  for await (const { path, upload, destination } of inStep(uploads, processed, prefixes)) {
    yield* pending.filter((waiting) => !path.startsWith(waiting.path));
    pending = pending.filter((waiting) => path.startsWith(waiting.path));
    if (upload) pending.push({ path, uploads: upload, destinations: [] });
    if (destination) {
      for (const waiting of pending) if (isNameOf(waiting, path)) waiting.destinations.push(destination);
    }
  }
  yield* pending;
}

/** The plain name, or a second name that one of the upload's versions can have been given. */
function isNameOf({ path, uploads }: Pending, candidate: string): boolean {
  const rest = candidate.slice(path.length);
  if (rest === '') return true;
  if (!rest.startsWith('.~')) return false;
  return uploads.versions.some(({ etag }) => rest.replaceAll(`.~${etag}`, '') === '');
}

interface Pair {
  readonly path: string;
  readonly upload: KeyHistory | undefined;
  readonly destination: KeyHistory | undefined;
}

/** Both listings in one order, what has the same path together. */
async function* inStep(
  uploads: AsyncIterable<KeyHistory>,
  processed: AsyncIterable<KeyHistory>,
  prefixes: Prefixes,
): AsyncGenerator<Pair> {
  const left = uploads[Symbol.asyncIterator]();
  const right = processed[Symbol.asyncIterator]();
  const [first, second] = await Promise.all([left.next(), right.next()]);
  let upload = valueOf(first);
  let destination = valueOf(second);
  while (upload !== undefined || destination !== undefined) {
    const uploadPath = upload?.key.slice(prefixes.upload.length);
    const destinationPath = destination?.key.slice(prefixes.processed.length);
    const order =
      uploadPath === undefined ? 1 : destinationPath === undefined ? -1 : byUtf8(uploadPath, destinationPath);
    yield {
      path: (order <= 0 ? uploadPath : destinationPath) ?? '',
      upload: order <= 0 ? upload : undefined,
      destination: order >= 0 ? destination : undefined,
    };
    if (order <= 0) upload = valueOf(await left.next());
    if (order >= 0) destination = valueOf(await right.next());
  }
}

const valueOf = (result: IteratorResult<KeyHistory, unknown>): KeyHistory | undefined =>
  result.done === true ? undefined : result.value;
