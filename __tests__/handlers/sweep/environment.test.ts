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
      olderThanMinutes: 15,
      maximumPerSecond: 50,
      noteKey: '.note',
      logLevel: 'WARN',
    });
  });

  it('is refused with everything that is wrong at once', () => {
    expect(() =>
      readEnvironment({ ...VARIABLES, UPLOAD_BUCKET: undefined, MAXIMUM_PER_SECOND: '0' }),
    ).toThrow(
      'UPLOAD_BUCKET: got nothing; expected the name of a bucket\n' +
        'MAXIMUM_PER_SECOND: got "0"; expected a number above 0',
    );
  });

  it('has a note that never starts the mover, whatever the prefixes', () => {
    const prefix = fc.stringMatching(/^[a-z.][a-z./-]{0,20}\/$/u);
    const uploadPrefix = fc.oneof(
      prefix,
      fc.constantFrom('', '.upload-pipeline/', '.upload-pipeline/sweep/'),
    );
    fc.assert(
      fc.property(uploadPrefix, prefix, (upload, processed) => {
        fc.pre(!upload.startsWith(processed) && (upload === '' || !processed.startsWith(upload)));
        const key = noteKey(upload, processed);
        const object = { key, size: 10, etag: 'e', lastModified: new Date(0) };
        expect(judge('bucket', object, { uploadPrefix: upload, processedPrefix: processed })).toBe('ignore');
      }),
    );
  });
});
