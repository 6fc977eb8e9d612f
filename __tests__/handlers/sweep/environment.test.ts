import * as fc from 'fast-check';
import { noteKey, readEnvironment } from '../../../handlers/sweep/environment';
import { judge } from '../../../handlers/sweep/judge';

const VARIABLES = {
  UPLOAD_BUCKET: 'bucket',
  UPLOAD_PREFIX: 'uploads/',
  PROCESSED_PREFIX: 'processed/',
  PROCESS_UPLOAD_FUNCTION_NAME: 'mover',
  OLDER_THAN_MINUTES: '15',
  MAXIMUM_PER_SECOND: '50',
  NOTE_KEY: '.note',
  LOG_LEVEL: 'WARN',
};

describe('the environment of the sweep', () => {
  it('is read', () => {
    expect(readEnvironment(VARIABLES)).toEqual({
      bucket: 'bucket',
      uploadPrefix: 'uploads/',
      processedPrefix: 'processed/',
      processUploadFunction: 'mover',
      uploadQueueUrl: undefined,
      olderThanMinutes: 15,
      maximumPerSecond: 50,
      noteKey: '.note',
      logLevel: 'WARN',
    });
  });

  it('names the queue where there is one, and never an empty one', () => {
    const read = (UPLOAD_QUEUE_URL: string) => readEnvironment({ ...VARIABLES, UPLOAD_QUEUE_URL });

    expect(read('https://queue').uploadQueueUrl).toBe('https://queue');
    expect(() => read('')).toThrow('UPLOAD_QUEUE_URL: got ""; expected the URL of a queue');
  });

  it('is refused with everything that is wrong at once', () => {
    expect(() =>
      readEnvironment({ ...VARIABLES, UPLOAD_BUCKET: undefined, MAXIMUM_PER_SECOND: '0' }),
    ).toThrow(
      'UPLOAD_BUCKET: got nothing; expected the name of a bucket\n' +
        'MAXIMUM_PER_SECOND: got "0"; expected a number above 0',
    );
  });

  describe('has a note, with any two prefixes,', () => {
    const own = fc.constantFrom('.upload-pipeline/', '.upload-pipeline/sweep/', '..upload-pipeline/');
    const prefix = fc.oneof(own, fc.stringMatching(/^[a-z.][a-z./-]{0,20}\/$/u));
    const prefixes = fc
      .tuple(fc.oneof(prefix, fc.constant('')), prefix)
      .filter(
        ([upload, processed]) =>
          !upload.startsWith(processed) && (upload === '' || !processed.startsWith(upload)),
      );
    const verdict = (key: string, [uploadPrefix, processedPrefix]: readonly [string, string]) =>
      judge(
        'bucket',
        { key, size: 10, etag: 'e', lastModified: new Date(0) },
        { uploadPrefix, processedPrefix },
      );

    it('that never starts the mover', () => {
      fc.assert(
        fc.property(prefixes, (pair) => {
          expect(verdict(noteKey(...pair), pair)).toBe('ignore');
        }),
      );
    });

    it('onto which no upload is ever moved', () => {
      fc.assert(
        fc.property(prefixes, (pair) => {
          const [upload, processed] = pair;
          const key = noteKey(...pair);
          // The one key whose destination could be the note.
          const source = `${upload}${key.slice(processed.length)}`;
          expect(key.startsWith(processed) && verdict(source, pair) !== 'ignore').toBe(false);
        }),
      );
    });
  });
});
