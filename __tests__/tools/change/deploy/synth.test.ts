import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { synth } from '../../../../tools/change/deploy/synth';

/** A project whose app is this script; the folder it is told to write to holds a space. */
function project(script: string, context = {}): string {
  const root = mkdtempSync(path.join(tmpdir(), 'synth '));
  writeFileSync(path.join(root, 'app.sh'), script);
  writeFileSync(path.join(root, 'cdktf.json'), JSON.stringify({ app: 'sh app.sh', context }));
  return root;
}

const env = { PATH: process.env.PATH };

describe('synth', () => {
  it('runs the app of cdktf.json with its context, and reads the warnings of the constructs', async () => {
    const stacks = {
      'upload-pipeline': {
        annotations: ['warn', 'info'].map((level) => ({ level: `@cdktf/${level}`, message: level })),
      },
    };
    const manifest = JSON.stringify({ stacks });
    const root = project(
      `mkdir "$CDKTF_OUTDIR"; echo "$CDKTF_CONTEXT_JSON" > context; echo '${manifest}' > "$CDKTF_OUTDIR/manifest.json"`,
      { a: 1 },
    );

    await expect(synth(root, { ...env, CDKTF_OUTPUT: 'out put' })).resolves.toEqual({
      folder: path.join(root, 'out put', 'stacks', 'upload-pipeline'),
      warnings: ['warn'],
    });
  });

  it('tells what the app printed where it failed, and nothing else', async () => {
    await expect(synth(project('echo no such environment >&2; exit 1'), env)).rejects.toThrow(
      /^no such environment$/u,
    );
  });
});
