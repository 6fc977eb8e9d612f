/** Keys that have broken pipelines before: what they hold, and the key. */
export const STRANGE_KEYS: readonly (readonly [what: string, key: string])[] = [
  ['spaces', 'uploads/my report  2026.csv'],
  ['a plus', 'uploads/a+b.csv'],
  ['what looks percent-encoded', 'uploads/%41%2F%25.csv'],
  ['Unicode, composed', 'uploads/\u00fcber.csv'],
  ['Unicode, decomposed', 'uploads/u\u0308ber.csv'],
  ['an emoji', 'uploads/\u{1f4c8}.csv'],
  ['what a URL gives a meaning to', 'uploads/a?b#c&d=e;f:g@h,i$j'],
  ['quotes and brackets', `uploads/"a" 'b' (c) [d] {e} <f> !*~`],
  ['two slashes', 'uploads//a//b'],
  ['a slash at its end', 'uploads/a/'],
  ['dots for folders', 'uploads/./a/../b/..'],
  ['a backslash and a pipe', 'uploads/a\\b|c^d`e'],
  ['control characters', 'uploads/a\u0001\tb\nc\u007f'],
  ['1,022 bytes, and so 1,024 at its destination', `uploads/${'ü'.repeat(507)}`],
];
