import type { OnExisting } from './environment';
import { isFolderMarker, secondName } from './keys';
import type { ObjectStore, Version } from './object-store';
import { sameContent } from './sameness';

export interface MoveRequest {
  readonly key: string;
  /** The plain destination. */
  readonly destination: string;
  /** What the event said is there; undefined: look first. */
  readonly version: Version | undefined;
}

export interface MoveContext {
  readonly store: ObjectStore;
  readonly onExisting: OnExisting;
  /** The team's own step, run for every version before it is moved. `lost`: that version is no longer there. */
  readonly prepare: (version: Version) => Promise<'ready' | 'lost'>;
  /** Waits before the next attempt after the `nth` conflict of a move, counted from 1. */
  readonly backOff: (nth: number) => Promise<void>;
}

export type MoveResult =
  | { decision: 'moved'; why: string; destination: string; size: number; replaced: boolean }
  | { decision: 'ignored'; why: string };

/** Where a copy goes. */
interface Target {
  readonly key: string;
  /** The ETag of what may be replaced there. */
  readonly replacing: string | undefined;
}

/** What to do next. Together the steps are the whole memory of a move: any of them may be the last before a crash. */
export type Step =
  | { do: 'look' }
  | { do: 'prepare'; version: Version }
  | { do: 'copy'; version: Version; target: Target }
  | { do: 'compare'; version: Version; target: Target }
  | { do: 'remove'; version: Version; target: Target; why: string; replaced: boolean }
  | { do: 'finish'; result: MoveResult };

/** Takes one step. `conflict`: someone else is writing right now, and the same step is to be taken again. */
export function advance(
  step: Exclude<Step, { do: 'finish' }>,
  request: MoveRequest,
  context: MoveContext,
): Promise<Step | 'conflict'> {
  switch (step.do) {
    case 'look':
      return look(request, context);
    case 'prepare':
      return prepare(step.version, request, context);
    case 'copy':
      return copy(step.version, step.target, request, context);
    case 'compare':
      return compare(step.version, step.target, request, context);
    case 'remove':
      return remove(step, request, context);
  }
}

async function look({ key }: MoveRequest, { store }: MoveContext): Promise<Step> {
  const version = await store.head(key);
  return version ? { do: 'prepare', version: { etag: version.etag, size: version.size } } : gone;
}

async function prepare(
  version: Version,
  { key, destination }: MoveRequest,
  context: MoveContext,
): Promise<Step> {
  if (isFolderMarker(key, version.size)) return ignored('it is a folder marker');
  if ((await context.prepare(version)) === 'lost') return { do: 'look' };
  // Every version starts at the plain destination: the second name of another version is not its own.
  return { do: 'copy', version, target: { key: destination, replacing: undefined } };
}

async function copy(
  version: Version,
  target: Target,
  { key, destination }: MoveRequest,
  { store }: MoveContext,
): Promise<Step | 'conflict'> {
  switch (await store.copy({ from: key, version, to: target.key, replacing: target.replacing })) {
    case 'copied': {
      if (target.replacing === version.etag) return alreadyThere(version, target);
      const replaced = target.replacing !== undefined;
      const plain = target.key === destination ? 'it was uploaded' : 'the plain name was taken';
      return {
        do: 'remove',
        version,
        target,
        why: replaced ? 'it replaced what was there' : plain,
        replaced,
      };
    }
    case 'sourceGone':
      return gone;
    case 'sourceChanged':
      return { do: 'look' };
    case 'destinationChanged':
      return { do: 'compare', version, target };
    case 'conflict':
      return 'conflict';
  }
}

/** The destination is not what the copy expected: see what it is. */
async function compare(
  version: Version,
  target: Target,
  { key }: MoveRequest,
  { store, onExisting }: MoveContext,
): Promise<Step> {
  const there = await store.head(target.key);
  if (there === undefined) return { do: 'copy', version, target: { ...target, replacing: undefined } };
  // Copied over even where it is the same: a consumer may take it away before the upload is deleted, and only a copy
  // that succeeds shows that something is there.
  if (onExisting === 'replace') return { do: 'copy', version, target: { ...target, replacing: there.etag } };

  let verdict = sameContent(version, there);
  if (verdict === 'unknown') {
    const source = await store.head(key);
    if (source === undefined) return gone;
    if (source.etag !== version.etag) return { do: 'look' };
    verdict = sameContent(source, there);
  }
  if (verdict === 'same') {
    await store.finishCopy({ from: key, version, to: target.key, replacing: undefined }, there);
    return alreadyThere(version, target);
  }
  // What cannot be told apart counts as different, which does no harm: at worst both names hold the same.
  return {
    do: 'copy',
    version,
    target: { key: secondName(target.key, version.etag), replacing: undefined },
  };
}

const alreadyThere = (version: Version, target: Target): Step => ({
  do: 'remove',
  version,
  target,
  why: 'the same content was there already',
  replaced: false,
});

async function remove(
  { version, target, why, replaced }: Extract<Step, { do: 'remove' }>,
  { key }: MoveRequest,
  { store }: MoveContext,
): Promise<Step | 'conflict'> {
  switch (await store.remove(key, version.etag)) {
    case 'removed':
    case 'gone':
      // Gone is as good: what we copied is at its destination, and nothing is left to move.
      return {
        do: 'finish',
        result: { decision: 'moved', why, destination: target.key, size: version.size, replaced },
      };
    case 'changed':
      return { do: 'look' };
    case 'conflict':
      return 'conflict';
  }
}

const ignored = (why: string): Step => ({ do: 'finish', result: { decision: 'ignored', why } });

/** Returned, not thrown: there is nothing left to do, so nothing to try again. */
const gone = ignored('it is gone: another run has moved it, or someone removed it');
