import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { processUpload } from '../../docs/examples/check-csv';
import { PermanentError } from '../../handlers/process-upload/errors';
import { stepOfReadme } from '../support/readme';

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
  it('is the file that is tested here, as it is pasted over process.ts', () => {
    const source = readFileSync('docs/examples/check-csv.ts', 'utf8');

    expect(stepOfReadme()).toBe(source.replaceAll('../../handlers/process-upload/', './'));
  });

  it('lets a CSV file with a header pass', async () => {
    const { info } = await run('a.csv', 'name,age\nAda,36\n');

    expect(info).toHaveBeenCalledWith('header', { columns: 2 });
  });

  it('does not open what is no CSV file', async () => {
    const { open } = await run('a.png', '');

    expect(open).not.toHaveBeenCalled();
  });

  it('refuses an empty CSV file, which another attempt cannot help', async () => {
    await expect(run('a.csv', '')).rejects.toThrow(PermanentError);
  });
});
