import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { processUpload } from '../../docs/examples/check-csv';
import { PermanentError } from '../../handlers/process-upload/errors';

/** Runs the example on an upload with this content. */
const run = async (key: string, content: string) => {
  const info = jest.fn();
  const open = jest.fn(() =>
    Promise.resolve({ body: Readable.from([content]), metadata: {}, contentType: undefined }),
  );
  await processUpload(
    { bucket: 'bucket', key, etag: 'e', size: content.length, open },
    { signal: new AbortController().signal, log: { info } },
  );
  return { info, open };
};

describe('the example of a step in the README', () => {
  it('is the file that is tested here, but for where it imports from', () => {
    const source = readFileSync('docs/examples/check-csv.ts', 'utf8');
    const [, code = ''] = source.split(/(?=^export const)/mu);

    expect(readFileSync('README.md', 'utf8')).toContain(code);
  });

  it('lets a CSV file with a header pass', async () => {
    const { info } = await run('a.csv', 'name,age\nAda,36\n');

    expect(info).toHaveBeenCalledWith('header', { columns: 2 });
  });

  it('does not open what is no CSV file', async () => {
    const { open } = await run('a.png', '');

    expect(open).not.toHaveBeenCalled();
  });

  it('refuses an empty CSV file for good', async () => {
    await expect(run('a.csv', '')).rejects.toThrow(PermanentError);
  });
});
