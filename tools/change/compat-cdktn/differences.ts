/** A difference between two synths: its path, and both values. */
export interface Difference {
  /** e.g. `terraform.required_providers.aws.source`. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Harmless differences of cdktn's JSON, each with its reason; the deployed resources are the same. */
export const EXPECTED: Readonly<Record<string, string>> = {
  '//.metadata.version': 'the version of the library, which Terraform does not read',
  'terraform.required_providers.archive.version':
    'the version that the bindings were made from; zips are the same',
};

/** Every leaf that differs, in the order of the documents. */
export function differences(before: unknown, after: unknown, path: readonly string[] = []): Difference[] {
  if (!isBranch(before) || !isBranch(after)) {
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path: path.join('.'), before, after }];
  }
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => differences(before[key], after[key], [...path, key]));
}

const isBranch = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
