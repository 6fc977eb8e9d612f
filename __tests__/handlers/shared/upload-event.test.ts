import * as fc from 'fast-check';
import { readRecords } from '../../../handlers/process-upload/records';
import { formEncode, uploadEvent } from '../../../handlers/shared/upload-event';
import { encodeKey } from '../../support/events';

const PREFIXES = { uploadPrefix: 'uploads/', processedPrefix: 'processed/' };
const key = fc.string({ unit: 'grapheme', minLength: 1 }).map((name) => `uploads/${name}`);

describe('uploadEvent', () => {
  it('is read by the mover as the very object, whatever its key', () => {
    fc.assert(
      fc.property(key, fc.integer({ min: 1 }), (name, size) => {
        const event = uploadEvent('bucket', { key: name, size, etag: 'e', lastModified: new Date(0) });

        expect(readRecords(JSON.parse(JSON.stringify(event)), PREFIXES)).toEqual([
          { kind: 'upload', bucket: 'bucket', key: name, etag: 'e', size },
        ]);
      }),
    );
  });

  it.each(['a b', 'a+b', 'a%20b', 'ü/ñ', "it's (1)*!~", 'line\nbreak', '100%', '日本/語.txt'])(
    'survives the key %j',
    (name) => {
      const [record] = uploadEvent('b', { key: name, size: 1, etag: 'e', lastModified: new Date(0) }).Records;
      expect(decodeURIComponent((record?.s3.object.key ?? '').replaceAll('+', ' '))).toBe(name);
    },
  );

  it.each(['a b', 'a+b', 'ü/ñ', 'x&y=z'])('encodes %j as S3 does', (name) => {
    expect(formEncode(name)).toBe(encodeKey(name));
  });
});
