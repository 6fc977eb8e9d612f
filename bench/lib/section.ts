import type { Note } from '../../tools/lib/progress';
import type { SectionResult } from './result';

/** The context of a section. */
export interface BenchContext {
  /** The project's folder. */
  readonly root: string;
  /** The bench's own folder: .local/bench. */
  readonly folder: string;
  /** Fewer rounds. */
  readonly quick: boolean;
  /** Reports progress. */
  readonly note: Note;
}

export interface Section {
  readonly name: string;
  /** The measured quantity, in one line. */
  readonly about: string;
  /** Left out of `--quick` unless named: it takes minutes. */
  readonly slow?: boolean;
  readonly run: (context: BenchContext) => Promise<SectionResult>;
}
