import { at, changed, type Change, type Edge, type State } from './explore';
import { announced, BUCKET, CONFLICTS, CRASHES, FREE, LOST_ANSWERS, REFUSED, spending } from './move-state';
import type { MoverRuns } from './mover-runs';

/** A run's request takes effect and is answered, or then the run is gone, or the answer is; or S3 refuses it. */
export function goesOn(runs: MoverRuns, state: State, place: number, run: number): Edge[] {
  const step = runs.step(at(state, BUCKET), run);
  if (step === undefined) return [];
  const { bucket, after, broken, words, announces } = step;
  const events: Change[] = announces === undefined ? [] : [announced(state, announces, 1)];
  const done = changed(state, [BUCKET, bucket], ...events);
  const tell = (more: string) => () => ({ actor: place, words: words + more });
  const edges: Edge[] = [{ ...answered(runs, done, place, after, broken), tell: tell('') }];
  if (at(state, REFUSED) > 0) {
    const refused = answered(runs, spending(state, REFUSED), place, runs.fault(run, 'refused'));
    edges.push({ ...refused, broken: undefined, tell: tell(': refused with 403') });
  }
  if (bucket === at(state, BUCKET) && announces === undefined) return edges;

  if (at(state, CRASHES) > 0) {
    const to = spending(done, CRASHES, [place, FREE], announced(done, runs.event(run), 1));
    edges.push({ to, tell: tell(', and is gone: its event comes again') });
  }
  if (at(state, LOST_ANSWERS) > 0) {
    const lost = answered(runs, spending(done, LOST_ANSWERS), place, runs.fault(run, 'lost'));
    edges.push({ ...lost, tell: tell(', and the answer is lost') });
  }
  if (at(state, CONFLICTS) > 0) {
    const conflict = answered(runs, spending(state, CONFLICTS), place, runs.fault(run, 'conflict'));
    edges.push({ ...conflict, tell: tell(': refused with 409') });
  }
  return edges;
}

/** A run that has come to its end leaves its place; if it failed, its event comes again. */
function answered(runs: MoverRuns, state: State, place: number, run: number, broken?: string) {
  const standing = runs.standing(run);
  if (standing === undefined || standing.asks !== undefined)
    return { to: changed(state, [place, run]), broken };
  const left: Change = [place, FREE];
  if (standing.failure === undefined) return { to: changed(state, left), broken };
  const to = changed(state, left, announced(state, runs.event(run), 1));
  // A sweep may fail: it comes again by itself.
  const failed = runs.event(run) < 0 ? undefined : `failed: ${standing.failure}`;
  return { to, broken: broken ?? failed };
}
