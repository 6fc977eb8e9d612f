import type { Buckets } from './buckets';
import { at, changed, type Edge, type State } from './explore';
import { announced, BUCKET, CONSUMED, DEPLOYMENTS, spending, UPLOADED } from './move-state';

/** The next upload, and its event. */
export function uploader(buckets: Buckets, state: State, key: string, content: string | undefined): Edge[] {
  if (content === undefined) return [];
  const upload = at(state, UPLOADED);
  const { bucket } = buckets.change(at(state, BUCKET), () => buckets.slate.put(key, content));
  const to = changed(state, [BUCKET, bucket], [UPLOADED, upload + 1], announced(state, upload, 1));
  return [{ to, tell: () => ({ words: `${content} is uploaded` }) }];
}

/** Someone who takes from processed/ what is there. */
export function consumer(buckets: Buckets, state: State): Edge[] {
  if (at(state, CONSUMED) === 0) return [];
  const keys = buckets.model(at(state, BUCKET)).keys('processed/');
  return keys.map((key) => {
    const { bucket } = buckets.change(at(state, BUCKET), () => {
      buckets.slate.remove(key);
    });
    const words = `a consumer deletes ${key}`;
    return { to: spending(state, CONSUMED, [BUCKET, bucket]), tell: () => ({ words }) };
  });
}

export const deployment = (state: State): Edge[] =>
  at(state, DEPLOYMENTS) === 0
    ? []
    : [{ to: spending(state, DEPLOYMENTS), tell: () => ({ words: 'new prefixes are deployed' }) }];
