import { existsSync, statSync, watch, type FSWatcher } from 'node:fs';
import path from 'node:path';

/** What a change asks for. */
export type Kind = 'handlers' | 'stack';

/** The folders and files that make the deployment, by what a change in them asks for. */
const WATCHED: readonly (readonly [name: string, Kind])[] = [
  ['handlers', 'handlers'],
  ['config', 'stack'],
  ['constructs', 'stack'],
  ['stacks', 'stack'],
  ['main.ts', 'stack'],
];

/** How long nothing may change before a change counts: an editor writes a file in steps, a checkout many files. */
const QUIET_MS: Readonly<Record<Kind, number>> = { handlers: 25, stack: 700 };

export interface Watching {
  close(): void;
}

/** Reports changes of sources, each kind when it has been quiet for a moment, with the files by their paths from `root`. */
export function watchSources(
  root: string,
  onChange: (kind: Kind, files: readonly string[]) => void,
): Watching {
  const changed: Readonly<Record<Kind, Set<string>>> = { handlers: new Set(), stack: new Set() };
  const timers = new Map<Kind, NodeJS.Timeout>();
  const note = (kind: Kind, file: string): void => {
    changed[kind].add(file);
    clearTimeout(timers.get(kind));
    timers.set(
      kind,
      setTimeout(() => {
        const files = [...changed[kind]].sort();
        changed[kind].clear();
        onChange(kind, files);
      }, QUIET_MS[kind]),
    );
  };
  const watchers = WATCHED.filter(([name]) => existsSync(path.join(root, name))).map(
    ([name, kind]): FSWatcher => {
      const watched = path.join(root, name);
      const isFolder = statSync(watched).isDirectory();
      // A file is watched in its folder: an editor that writes a new one in its place would be lost.
      return watch(isFolder ? watched : root, { recursive: isFolder }, (_, file) => {
        if (file === null || (!isFolder && file !== name)) return;
        const changedFile = isFolder ? path.join(name, file) : name;
        if (/\.(?:ts|mjs|json)$/u.test(changedFile)) note(kind, changedFile);
      });
    },
  );
  return {
    close: () => {
      for (const watcher of watchers) watcher.close();
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}
