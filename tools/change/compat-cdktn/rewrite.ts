/** The packages of cdktn that take the place of cdktf's, and the newest `constructs` that they accept. */
export const VERSIONS = {
  cdktn: '0.24.0',
  'cdktn-cli': '0.24.0',
  '@cdktn/provider-aws': '25.7.0',
  '@cdktn/provider-archive': '14.0.1',
  constructs: '10.7.2',
} as const;

/** The new name of a package; undefined if it stays the same. */
function newName(name: string): string | undefined {
  if (name.startsWith('@cdktf/')) return name.replace('@cdktf/', '@cdktn/');
  return name === 'cdktf' || name === 'cdktf-cli' ? name.replace('cdktf', 'cdktn') : undefined;
}

/**
 * A source file with cdktf's packages replaced by cdktn's. File and folder names stay: `cdktf.json` and
 * `cdktf.out` are cdktn's too.
 */
export function rewriteSource(source: string): string {
  return source.replaceAll('@cdktf', '@cdktn').replace(/(['"])cdktf(-cli)?(?=['"]|\/lib\/)/gu, '$1cdktn$2');
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** `package.json` with cdktn's packages and versions. */
export function rewriteManifest(text: string): string {
  const manifest = JSON.parse(text) as Manifest;
  const renamed = (packages: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(packages).map(([name, version]) => {
        const now = newName(name) ?? name;
        return [now, (VERSIONS as Readonly<Record<string, string>>)[now] ?? version];
      }),
    );
  const { dependencies, devDependencies } = manifest;
  return JSON.stringify({
    ...manifest,
    dependencies: renamed(dependencies),
    devDependencies: renamed(devDependencies),
  });
}
