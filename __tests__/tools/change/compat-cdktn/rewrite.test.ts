import { readFileSync } from 'node:fs';
import { differences, EXPECTED } from '../../../../tools/change/compat-cdktn/differences';
import { rewriteManifest, rewriteSource, VERSIONS } from '../../../../tools/change/compat-cdktn/rewrite';

describe('rewriteSource', () => {
  it.each([
    ["import { App } from 'cdktf';", "import { App } from 'cdktn';"],
    [
      "import type { X } from 'cdktf/lib/testing/matchers';",
      "import type { X } from 'cdktn/lib/testing/matchers';",
    ],
    [
      "import { B } from '@cdktf/provider-aws/lib/s3-bucket';",
      "import { B } from '@cdktn/provider-aws/lib/s3-bucket';",
    ],
    [
      "path.join(root, 'node_modules', 'cdktf-cli', 'bundle')",
      "path.join(root, 'node_modules', 'cdktn-cli', 'bundle')",
    ],
  ])('puts the packages of cdktn into %s', (before, after) => {
    expect(rewriteSource(before)).toBe(after);
  });

  it.each(["'cdktf.out'", "readFileSync('cdktf.json')", '`cdktf deploy`', 'CDKTF_OUTDIR'])(
    'leaves %s, which cdktn calls the same',
    (source) => {
      expect(rewriteSource(source)).toBe(source);
    },
  );
});

describe('rewriteManifest', () => {
  const before = readFileSync('package.json', 'utf8');
  const after = rewriteManifest(before);

  it('names cdktn’s packages in the place of cdktf’s, with their versions', () => {
    const { dependencies, devDependencies } = JSON.parse(after) as Record<string, Record<string, string>>;

    expect({ ...dependencies, ...devDependencies }).toMatchObject(VERSIONS);
    expect(
      Object.keys({ ...dependencies, ...devDependencies }).filter((name) => name.includes('cdktf')),
    ).toEqual([]);
  });

  it('leaves every other package and script as it is', () => {
    const others = (text: string): string[] =>
      text
        .match(/"(?:esbuild|jest|zod|typescript|diff|deploy)": ?"[^"]*"/gu)
        ?.map((line) => line.replace(': ', ':')) ?? [];

    expect(others(after)).toEqual(others(before));
  });
});

describe('the differences of two synths', () => {
  it('are the leaves that differ, wherever they are', () => {
    const before = { same: 1, changed: { a: 1, list: [1, 2] }, gone: true };
    const after = { same: 1, changed: { a: 2, list: [1, 3] }, come: [] };

    expect(differences(before, after)).toEqual([
      { path: 'changed.a', before: 1, after: 2 },
      { path: 'changed.list.1', before: 2, after: 3 },
      { path: 'gone', before: true, after: undefined },
      { path: 'come', before: undefined, after: [] },
    ]);
  });

  it('are none where two documents say the same, in whatever order', () => {
    expect(differences({ a: 1, b: [{}] }, { b: [{}], a: 1 })).toEqual([]);
  });

  it('are known to be harmless with a reason each', () => {
    for (const reason of Object.values(EXPECTED)) expect(reason.length).toBeGreaterThan(10);
  });
});
