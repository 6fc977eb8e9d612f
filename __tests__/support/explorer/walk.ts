import { isDeepStrictEqual } from 'node:util';
import type { Mode } from '../promises';
import type { Subject } from '../subjects';
import { EXCEPTIONS, type Exception } from './exceptions';
import { explore, type Walked, type WalkOptions } from './explore';
import { MoveWorld } from './move-world';
import type { NamedWorld } from './worlds';

/** A walk, and what is known already of what it found. */
export interface Result extends Walked {
  readonly known: readonly Exception[];
  /** The story of each promise that is broken and not known, to print. */
  readonly broken: readonly string[];
}

export async function walk(
  { title, setting }: NamedWorld,
  mode: Mode,
  options?: WalkOptions & { subject?: Subject },
): Promise<Result> {
  const walked = await explore(new MoveWorld({ ...setting, mode }, options?.subject), options);
  const known = EXCEPTIONS.filter(
    (exception) =>
      exception.world === title && exception.mode === mode && isStoryOf(exception, walked.stories),
  );
  const broken = [...walked.stories]
    .filter(([line]) => !known.some((exception) => exception.broken === line))
    .map(([line, story]) => told(line, story));
  return { ...walked, known, broken };
}

/** The promise is broken as the exception tells it. */
export const isStoryOf = ({ broken, story }: Exception, stories: Walked['stories']): boolean =>
  isDeepStrictEqual(
    stories.get(broken)?.filter((line) => story.includes(line)),
    story,
  );

export const told = (broken: string, story: readonly string[]): string =>
  [broken, ...story.map((line) => `  ${line}`)].join('\n');
