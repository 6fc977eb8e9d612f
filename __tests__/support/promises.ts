import type { S3Model, StoredVersion } from './s3-model';

export type Mode = 'replace' | 'keepBoth';

/** What happened to a bucket, beside what its model remembers. */
export interface History {
  readonly mode: Mode;
  /** The same bytes may have been uploaded again: then "the newest" cannot be told by its content. */
  readonly repeats: boolean;
  readonly uploaded: { readonly key: string; readonly version: StoredVersion }[];
  /** `KEY ETAG` of what the team's own step has seen; undefined: not recorded. */
  readonly prepared?: Set<string>;
  /** What was at a destination from the start. */
  occupied?: StoredVersion;
  /** Someone else deletes from processed/: what is gone there was there. @default false */
  readonly consumed?: boolean;
}

/**
 * What a pipeline of uploads owes to those who upload, checked when all is quiet.
 * @returns a line for each promise that is broken
 */
export function violations(model: S3Model, history: History): string[] {
  return [
    ...stranded(model),
    ...lost(model, history),
    ...misordered(model, history),
    ...replaced(model, history),
    ...unprepared(model, history),
  ];
}

function stranded(model: S3Model): string[] {
  return model.keys('uploads/').map((key) => `stranded: ${key} (${model.current(key)?.content ?? ''})`);
}

/** Whatever was removed from where it was uploaded must be processed. What its uploader overwrote before need not. */
function lost(model: S3Model, { uploaded }: History): string[] {
  return uploaded
    .filter(({ key, version }) => {
      const versions = model.versions.get(key) ?? [];
      return versions[versions.indexOf(version) + 1]?.deleteMarker === true && !isProcessed(model, version);
    })
    .map(({ version }) => `lost: ${version.content} was removed and is nowhere in processed/`);
}

function isProcessed(model: S3Model, { content }: StoredVersion): boolean {
  return processed(model).some(([, versions]) => versions.some((version) => version.content === content));
}

/** `replace`: the newest upload has the plain name. */
function misordered(model: S3Model, { mode, repeats, uploaded, consumed = false }: History): string[] {
  if (mode !== 'replace' || repeats) return [];
  const newest = new Map(uploaded.map(({ key, version }) => [key, version]));
  return [...newest].flatMap(([key, { content }]) => {
    const latest = model.versions.get(key.replace(/^uploads/, 'processed'))?.at(-1);
    if (consumed && latest?.deleteMarker === true) return [];
    const there = latest?.deleteMarker === false ? latest.content : 'nothing';
    return there === content
      ? []
      : [`misordered: the newest upload is ${content}, and ${there} is in its place`];
  });
}

/** `keepBoth`: what is processed stays as it is. */
function replaced(model: S3Model, { mode }: History): string[] {
  if (mode !== 'keepBoth') return [];
  return processed(model)
    .filter(([, versions]) =>
      versions.some(({ deleteMarker }, i) => !deleteMarker && versions[i - 1]?.deleteMarker === false),
    )
    .map(
      ([key, versions]) => `replaced: ${key} was ${versions.map(({ content }) => content).join(', then ')}`,
    );
}

/** Nothing reaches processed/ that the team's own step has not seen. */
function unprepared(model: S3Model, { prepared, occupied, uploaded }: History): string[] {
  if (!prepared) return [];
  const seen = new Set(
    uploaded
      .filter(({ key, version }) => prepared.has(`${key} ${version.etag}`))
      .map(({ version }) => version.content),
  );
  return processed(model)
    .flatMap(([, versions]) => versions)
    .filter((version) => version !== occupied && !seen.has(version.content))
    .map(({ content }) => `unprepared: ${content} was moved before the team's own step saw it`);
}

const processed = (model: S3Model) => [...model.versions].filter(([key]) => key.startsWith('processed/'));
