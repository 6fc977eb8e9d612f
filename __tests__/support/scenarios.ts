import * as fc from 'fast-check';
import type { Mode } from './promises';

/** One run of a bucket with everything that can go wrong, as data: fast-check makes it, shrinks it and prints it. */
export interface Scenario {
  readonly mode: Mode;
  readonly etags: 'md5' | 'opaque';
  readonly checksums: boolean;
  readonly namesConditions: boolean;
  /** Something else is at the first key's destination from the start. */
  readonly occupied: boolean;
  /** The uploads in their order: to which key, and which content (a repeated one has the same ETag). */
  readonly uploads: readonly { readonly key: number; readonly content: number }[];
  /** What happens at every turn: who goes on, and what goes wrong. After the last: everyone in turn, and nothing. */
  readonly choices: readonly number[];
}

export interface ScenarioOptions {
  readonly mode?: Mode | undefined;
  /** Uploads of the same bytes to the same key again. @default false */
  readonly repeats?: boolean;
  /** @default true */
  readonly faults?: boolean;
  /** Declares every upload as this many bytes. */
  readonly size?: number;
}

export function scenarios({ mode, repeats = false }: ScenarioOptions = {}): fc.Arbitrary<Scenario> {
  const upload = fc.record({ key: fc.nat({ max: 1 }), content: fc.nat({ max: repeats ? 1 : 0 }) });
  return fc.record({
    mode: mode === undefined ? fc.constantFrom<Mode>('replace', 'keepBoth') : fc.constant(mode),
    etags: repeats ? fc.constant('md5' as const) : fc.constantFrom('md5' as const, 'opaque' as const),
    checksums: fc.boolean(),
    namesConditions: fc.boolean(),
    occupied: fc.boolean(),
    uploads: fc.array(upload, { minLength: 1, maxLength: 5 }),
    choices: fc.array(fc.nat({ max: 255 }), { maxLength: 100, size: 'max' }),
  });
}
