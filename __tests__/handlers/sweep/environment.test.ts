import * as fc from 'fast-check';
import { noteKey, readEnvironment } from '../../../handlers/sweep/environment';
import { refuseLoop, refuseOverlap, type PrefixPair } from '../../../constructs/uploads/prefix-pair';
import { destinationOf, pairsOf, type Prefixes } from '../../../handlers/process-upload/prefixes';
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
      formerPrefixes: [],
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
    const pair = fc.record({ upload: fc.oneof(prefix, fc.constant('')), processed: prefix });
    const prefixes = fc
      .tuple(pair, fc.array(pair, { maxLength: 2 }))
      .filter(([present, former]) => isAccepted(present, ...former))
      .map(([{ upload, processed }, formerPrefixes]) => ({
        uploadPrefix: upload,
        processedPrefix: processed,
        formerPrefixes,
      }));
    // As the bucket checks them.
    const isAccepted = (...pairs: readonly PrefixPair[]): boolean => {
      try {
        pairs.forEach((one, index) => {
          refuseLoop({ ...one, watchWholeBucket: true });
          refuseOverlap(one, pairs.slice(0, index), { sameFunction: true });
        });
        return true;
      } catch {
        return false;
      }
    };
    const verdict = (key: string, known: Prefixes) =>
      judge('bucket', { key, size: 10, etag: 'e', lastModified: new Date(0) }, known);

    it('that never starts the mover', () => {
      fc.assert(
        fc.property(prefixes, (known) => {
          expect(verdict(noteKey(known), known)).toBe('ignore');
        }),
      );
    });

    it('onto which no upload is ever moved', () => {
      fc.assert(
        fc.property(prefixes, (known) => {
          const key = noteKey(known);
          // The keys whose destination could be the note.
          const sources = pairsOf(known)
            .filter(({ processed }) => key.startsWith(processed))
            .map(({ upload, processed }) => `${upload}${key.slice(processed.length)}`);
          const moved = sources.filter(
            (source) => verdict(source, known) !== 'ignore' && destinationOf(source, known) === key,
          );
          expect(moved).toEqual([]);
        }),
      );
    });
  });
});
