import { ToolError } from '../../lib/errors';

/** Which version answers, and which other one gets a share. */
export interface Routing {
  readonly version: number;
  readonly canary?: { readonly version: number; readonly weight: number };
}

/** A function's alias `live` and what it could point at. */
export interface Released {
  readonly functionName: string;
  readonly routing: Routing;
  /** Published versions, the oldest first. */
  readonly versions: readonly Version[];
}

export interface Version {
  readonly version: number;
  /** Base64 of the package's SHA-256. */
  readonly codeSha256: string;
  /** When it was published, as ISO 8601. */
  readonly publishedAt: string;
}

export interface PromoteOptions {
  /** @default the canary, or else the newest version */
  readonly version?: number;
  /** Share of the invocations it gets beside the present version. @default all of them */
  readonly weight?: number;
}

/**
 * Where the alias goes when a version is promoted.
 * @throws {ToolError} where there is nothing to promote
 */
export function promote({ functionName, routing, versions }: Released, options: PromoteOptions): Routing {
  const newest = versions.at(-1)?.version;
  const version = options.version ?? routing.canary?.version ?? newest;
  if (version === undefined) {
    throw new ToolError(
      `${functionName} has no published version. A deployment with release.alias publishes one.`,
    );
  }
  requirePublished(functionName, versions, version);
  if (version === routing.version) {
    if (options.weight === undefined && routing.canary !== undefined) return { version };
    throw new ToolError(`${functionName}:live is version ${version} already; there is nothing to promote.`);
  }
  if (options.weight === undefined) return { version };
  return { version: routing.version, canary: { version, weight: options.weight } };
}

/**
 * Where the alias goes when a release is taken back: a canary is ended; otherwise the next older version answers.
 * @throws {ToolError} where there is no older one
 */
export function rollback({ functionName, routing, versions }: Released, to?: number): Routing {
  if (to === undefined && routing.canary !== undefined) return { version: routing.version };
  const older = versions.findLast(({ version }) => version < routing.version)?.version;
  const version = to ?? older;
  if (version === undefined) {
    throw new ToolError(
      `${functionName}:live is version ${routing.version}, and no older one is left to go back to. Deploy the older code instead.`,
    );
  }
  requirePublished(functionName, versions, version);
  if (version === routing.version && routing.canary === undefined) {
    throw new ToolError(`${functionName}:live is version ${version} already; there is nothing to take back.`);
  }
  return { version };
}

function requirePublished(functionName: string, versions: readonly Version[], version: number): void {
  if (versions.some((one) => one.version === version)) return;
  const known = versions.map((one) => one.version).join(', ') || 'none';
  throw new ToolError(`${functionName}: there is no version ${version}; published versions are ${known}.`);
}

/** `version 4`, or `version 4 (90 %) and version 5 (10 %)`. */
export function describe({ version, canary }: Routing): string {
  if (canary === undefined) return `version ${version}`;
  const percent = (share: number): string => `${Number((share * 100).toFixed(2))} %`;
  return `version ${version} (${percent(1 - canary.weight)}) and version ${canary.version} (${percent(canary.weight)})`;
}
