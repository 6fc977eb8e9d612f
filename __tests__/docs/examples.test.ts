import { readFileSync } from 'node:fs';
import { processUpload } from '../../docs/examples/check-csv';
import { smallPicture } from '../../docs/examples/small-picture';
import { PermanentError } from '../../handlers/process-upload/errors';
import { tryStep } from '../../tools/local/step/try-step';
import { stepOfReadme } from '../support/readme';

const check = (key: string, content: string) => tryStep(processUpload, { key, content });

describe('the example of a step in the README', () => {
  it('is the file that is tested here, as it is pasted over process.ts', () => {
    const source = readFileSync('docs/examples/check-csv.ts', 'utf8');

    expect(stepOfReadme()).toBe(source.replaceAll('../../handlers/process-upload/', './'));
  });

  it('lets a CSV file with a header pass', async () => {
    const { error, lines } = await check('a.csv', 'name,age\nAda,36\n');

    expect(error).toBeUndefined();
    expect(lines).toEqual([{ message: 'header', fields: { columns: 2 } }]);
  });

  it('does not open what is no CSV file', async () => {
    await expect(check('a.png', '')).resolves.toMatchObject({ error: undefined, opened: 0 });
  });

  it('refuses an empty CSV file, which another attempt cannot help', async () => {
    const { error } = await check('a.csv', '');

    expect(error).toBeInstanceOf(PermanentError);
  });
});

describe('the example of a picture made small', () => {
  const shrink = (picture: Buffer) =>
    picture.length > 4 ? Promise.resolve(picture.subarray(0, 2)) : Promise.reject(new Error('unsupported'));
  const tryIt = async (key: string, content: string) => {
    const put = jest.fn(() => Promise.resolve());
    return { ...(await tryStep(smallPicture({ shrink, put }), { key, content })), put };
  };

  it('keeps a small copy, named by the content', async () => {
    const { error, put, lines } = await tryIt('a.PNG', 'a picture');

    expect(error).toBeUndefined();
    expect(put).toHaveBeenCalledWith(
      'small/101a0e3e2f58188b3e2ffc1057316c13.webp',
      Buffer.from('a '),
      expect.any(AbortSignal),
    );
    expect(lines).toEqual([{ message: 'small', fields: { from: 9, to: 2 } }]);
  });

  it('lets other files pass, and refuses what only is called a picture', async () => {
    await expect(tryIt('a.csv', 'x')).resolves.toMatchObject({ error: undefined, opened: 0 });
    await expect(tryIt('a.png', 'x')).resolves.toMatchObject({ error: { permanent: true } });
  });
});

it('the page of the step shows the example of the picture, and the test in three lines', () => {
  const page = readFileSync('docs/your-step.md', 'utf8');
  const example = readFileSync('docs/examples/small-picture.ts', 'utf8');

  expect(page).toContain(example.slice(example.indexOf('/** A step that keeps')).trimEnd());
  expect(page).toContain(
    "const { error, lines } = await tryStep(processUpload, { key: 'a.csv', content: 'name,age\\n' });",
  );
});
