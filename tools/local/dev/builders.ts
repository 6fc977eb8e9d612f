import { readFile } from 'node:fs/promises';
import { handlerBuilder, handlerNames } from '../../build/bundle.mjs';
import { fields, text } from '../../../handlers/shared/fields';
import { messageOf } from '../../lib/errors';

/** A package as it was built. */
export interface Built {
  readonly handler: string;
  /** Its SHA-256, hex. */
  readonly hash: string;
  readonly zip: Uint8Array;
  /** Of the code that a cold start loads. */
  readonly bytes: number;
  readonly tookMs: number;
}

/** Builds packages again and again, each handler by itself: only those that a change is about. */
export class Builders {
  private readonly builders = new Map<string, Promise<Awaited<ReturnType<typeof handlerBuilder>>>>();
  /** The sources of each handler, as of its last build. */
  private readonly sources = new Map<string, ReadonlySet<string>>();

  constructor(
    private readonly root: string,
    private readonly inspected: boolean,
    private readonly outdir?: string,
  ) {}

  /** The handlers that take one of the files; all handlers whose sources are not known. */
  async takers(files: readonly string[]): Promise<string[]> {
    const names = await handlerNames(this.root);
    return names.filter((name) => {
      const known = this.sources.get(name);
      return (
        known === undefined ||
        files.some((file) => known.has(file) || file.startsWith(`handlers/${name}/lazy/`))
      );
    });
  }

  /** @throws esbuild's error, which {@link buildErrors} reads */
  async build(handler: string): Promise<Built> {
    const started = performance.now();
    const builder =
      this.builders.get(handler) ??
      handlerBuilder({
        root: this.root,
        names: [handler],
        inspected: this.inspected,
        quiet: true,
        ...(this.outdir !== undefined && { outdir: this.outdir }),
      });
    this.builders.set(handler, builder);
    // Until it is built, every change is one of it.
    this.sources.delete(handler);
    const [built] = await (await builder).build();
    if (built === undefined) throw new Error(`There is no handler ${handler}.`);
    this.sources.set(handler, new Set(built.sources));
    const { hash, bytes } = built;
    return { handler, hash, bytes, zip: await readFile(built.zip), tookMs: performance.now() - started };
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.builders.values()].map(async (builder) => (await builder).dispose()));
  }
}

/** esbuild's errors, `handlers/process-upload/process.ts:3:5: …`. https://esbuild.github.io/api/#build-failures */
export function buildErrors(error: unknown): readonly string[] {
  const { errors } = fields(error);
  if (!Array.isArray(errors)) return [messageOf(error)];
  return errors.map((one) => {
    const { text: what, location } = fields(one);
    const { file, line, column } = fields(location);
    const place = file === undefined ? '' : `${text(file)}:${Number(line)}:${Number(column) + 1}: `;
    return `${place}${text(what)}`;
  });
}
