import { readFileSync } from 'node:fs';
import { S3Client } from '@aws-sdk/client-s3';
import { build } from 'esbuild';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

/** The files of the commands: TypeScript that `npm run` starts. */
const commands = [
  ...new Set(Object.values(scripts).flatMap((script) => /\S+\.ts\b/u.exec(script)?.[0] ?? [])),
];

describe('the notice of the AWS SDK about old versions of Node.js', () => {
  it('does not appear in the tests (on Node.js 20, which it is about)', () => {
    const warning = jest.spyOn(process, 'emitWarning').mockReturnValue();

    new S3Client({ region: 'us-east-1' }).destroy();

    expect(warning).not.toHaveBeenCalled();
    warning.mockRestore();
  });

  it.each(commands)('is switched off in %s, where that makes a client', async (command) => {
    const { metafile } = await build({
      entryPoints: [command],
      bundle: true,
      packages: 'external',
      platform: 'node',
      metafile: true,
      write: false,
    });
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);

    const usesSdk = imports.some(({ path }) => path.startsWith('@aws-sdk/'));
    const isQuiet = Object.hasOwn(metafile.inputs, 'tools/lib/quiet-sdk.ts');

    expect({ command, noisy: usesSdk && !isQuiet }).toEqual({ command, noisy: false });
  });
});
