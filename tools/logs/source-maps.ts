import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import path from 'node:path';
import type { PackageOf } from './deployed-package';
import type { ToSource } from './trace';

/** The source maps that builds have left in `dist/maps` (tools/build/maps.mjs). */
export class SourceMaps {
  private readonly found = new Map<string, Promise<ToSource | undefined>>();
  private readonly read = new Map<string, SourceMap | undefined>();

  /** @param folder `dist/maps` */
  constructor(
    private readonly folder: string,
    private readonly packageOf: PackageOf,
  ) {}

  /**
   * The way from a function's code to its sources.
   * @param version as a log stream names it. @default the function's newest code
   * @returns undefined where no build has left a map of that code
   */
  toSource(functionName: string, version?: string): Promise<ToSource | undefined> {
    const key = `${functionName}:${version ?? ''}`;
    const known = this.found.get(key) ?? this.find(functionName, version);
    this.found.set(key, known);
    return known;
  }

  /** Forgets which package a function runs: it has another one now. */
  forget(): void {
    this.found.clear();
  }

  private async find(functionName: string, version: string | undefined): Promise<ToSource | undefined> {
    const hash = await this.packageOf(functionName, version, (hash) => this.folderOf(hash) !== undefined);
    const folder = hash === undefined ? undefined : this.folderOf(hash);
    if (folder === undefined) return undefined;
    return ({ file, line, column }) => {
      const entry = this.mapOf(path.join(folder, `${file}.map`))?.findEntry(line - 1, column - 1);
      if (entry === undefined || !('originalSource' in entry)) return undefined;
      return { file: entry.originalSource, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
    };
  }

  private folderOf(hash: string): string | undefined {
    if (!existsSync(this.folder)) return undefined;
    return readdirSync(this.folder)
      .map((name) => path.join(this.folder, name, hash))
      .find((folder) => existsSync(folder));
  }

  private mapOf(file: string): SourceMap | undefined {
    if (!this.read.has(file)) {
      const map = existsSync(file)
        ? new SourceMap(JSON.parse(readFileSync(file, 'utf8')) as SourceMapPayload)
        : undefined;
      this.read.set(file, map);
    }
    return this.read.get(file);
  }
}

/** The maps of this project's builds. */
export const sourceMaps = (packageOf: PackageOf): SourceMaps =>
  new SourceMaps(path.resolve(__dirname, '..', '..', 'dist', 'maps'), packageOf);
