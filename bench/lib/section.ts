import type { Note } from '../../tools/lib/progress';
import type { SectionResult } from './result';

/** What a section gets. */
export interface BenchContext {
  /** The project's folder. */
  readonly root: string;
  /** Where the bench keeps what it makes: .local/bench. */
  readonly folder: string;
  /** Fewer rounds, for a look in under a minute. */
  readonly quick: boolean;
  /** Says how far it is. */
  readonly note: Note;
}

export interface Section {
  readonly name: string;
  /** What it measures, in one line. */
  readonly about: string;
  /** Left out of `--quick` unless named: it takes minutes. */
  readonly slow?: boolean;
  readonly run: (context: BenchContext) => Promise<SectionResult>;
}
