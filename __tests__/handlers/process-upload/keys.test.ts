import { decodeKey, isFolderMarker, secondName } from '../../../handlers/process-upload/keys';
import { encodeKey } from '../../support/events';
import { errorOf } from '../../support/error-of';
import { STRANGE_KEYS } from '../../support/strange-keys';

test.each(STRANGE_KEYS)('decodes what a notification makes of a key with %s', (_what, key) => {
  expect(decodeKey(encodeKey(key))).toBe(key);
});

test.each([
  ['a+b', 'a b'],
  ['a%2Bb', 'a+b'],
  ['a%2541', 'a%41'],
  ['%C3%BC', '\u00fc'],
  ['u%CC%88', 'u\u0308'],
])('decodes %s as a form', (encoded, key) => {
  expect(decodeKey(encoded)).toBe(key);
});

test.each(['%', 'a%4', '%E0%A4', '%ff'])(
  'refuses the malformed key %s for good, and names it as it came',
  (encoded) => {
    expect(errorOf(() => decodeKey(encoded))).toMatchObject({
      name: 'PermanentError',
      message: expect.stringContaining(`"${encoded}"`) as string,
    });
  },
);

test('gives the second name the ETag of the upload, and refuses it when that makes it too long', () => {
  expect(secondName('processed/a', 'e1')).toBe('processed/a.~e1');
  expect(() => secondName(`processed/${'a'.repeat(1012)}`, 'e1')).toThrow('Trying again cannot help');
});

test('takes a key that ends in a slash for a folder marker only when it is empty', () => {
  expect(isFolderMarker('uploads/x/', 0)).toBe(true);
  expect(isFolderMarker('uploads/x/', 1)).toBe(false);
  expect(isFolderMarker('uploads/x', 0)).toBe(false);
});
