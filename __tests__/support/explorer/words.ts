import { S3ModelError, type S3Model } from '../s3-model';
import type { Answer } from './replay';

/** What a request does, and what is said where it has no effect. */
const VERBS: readonly (readonly [prefix: string, done: string])[] = [
  ['HeadObject ', 'looks at'],
  ['CopyObject reads ', 'begins to copy'],
  ['CopyObject writes ', 'writes the copy to'],
  ['DeleteObject ', 'deletes'],
  ['ListObjectsV2 ', 'lists'],
];

const REFUSALS: Readonly<Record<string, string>> = {
  'x-amz-copy-source-If-Match': 'it is another version by now',
  'If-Match': 'it is another version by now',
  'If-None-Match': 'something is there',
};

/** A request and its answer, for a person to read; the model holds what it did. */
export function wordsOf(label: string, answer: Answer, model: S3Model): string {
  const [prefix, verb] = VERBS.find(([start]) => label.startsWith(start)) ?? ['', 'asks for'];
  const key = label.slice(prefix.length);
  if ('error' in answer) return `${verb} ${key}: refused, ${reason(answer.error)}`;
  const { content } = model.current(key) ?? {};
  return content === undefined ? `${verb} ${key}` : `${verb} ${key} (${content})`;
}

function reason(error: unknown): string {
  if (!(error instanceof S3ModelError)) return String(error);
  if (error.status === 404) return 'it is gone';
  return REFUSALS[error.condition ?? ''] ?? `${error.status} ${error.code}`;
}
