import { isFolderMarker, secondName } from '../../../handlers/process-upload/keys';

test('gives the second name the ETag of the upload, and refuses it when that makes it too long', () => {
  expect(secondName('processed/a', 'e1')).toBe('processed/a.~e1');
  expect(() => secondName(`processed/${'a'.repeat(1012)}`, 'e1')).toThrow('Trying again cannot help');
});

test('takes a key that ends in a slash for a folder marker only when it is empty', () => {
  expect(isFolderMarker('uploads/x/', 0)).toBe(true);
  expect(isFolderMarker('uploads/x/', 1)).toBe(false);
  expect(isFolderMarker('uploads/x', 0)).toBe(false);
});
