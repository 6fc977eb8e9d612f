import type { Mode } from '../promises';

/** A promise that the move does not keep in a world, known and told in docs/adr/0002. */
export interface Exception {
  /** The world's title. */
  readonly world: string;
  readonly mode: Mode;
  /** The broken promise, as the walk names it. */
  readonly broken: string;
  /** What has to happen for it, in this order; what the runs do between matters less. */
  readonly story: readonly string[];
  /** How the ADR says it. */
  readonly paragraph: string;
}

const AGAIN =
  "Where A, then B, then A again are uploaded to one key within one run's time, `replace` may end with B current";

/** What is broken and not among these is a mistake. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    world: 'the first bytes once more',
    mode: 'replace',
    broken: 'misordered: the newest upload is A, and B is in its place',
    story: [
      'A is uploaded',
      'run 1 writes the copy to processed/a (A)',
      'run 2 begins to copy uploads/a (B)',
      'A is uploaded',
      'run 2 writes the copy to processed/a (B)',
      'run 1 deletes uploads/a',
    ],
    paragraph: AGAIN,
  },
  {
    world: 'the same bytes twice',
    mode: 'replace',
    broken: 'misordered: the newest upload is B, and A is in its place',
    story: [
      'A is uploaded',
      'B is uploaded',
      'run 1 begins with the event of B: begins to copy uploads/a (B)',
      'A is uploaded',
      'run 1 writes the copy to processed/a (B)',
      'run 2 begins to copy uploads/a (A)',
      'B is uploaded',
      'run 2 writes the copy to processed/a (A)',
      'run 1 deletes uploads/a',
    ],
    paragraph: AGAIN,
  },
  {
    world: 'a consumer that deletes',
    mode: 'replace',
    broken: 'misordered: the newest upload is B, and A is in its place',
    story: [
      'run 1 begins with the event of A: begins to copy uploads/a (A)',
      'B is uploaded',
      'run 2 writes the copy to processed/a (B)',
      'a consumer deletes processed/a',
      'run 1 writes the copy to processed/a (A)',
    ],
    paragraph:
      'Where a consumer deletes from the processed prefix while a copy is under way there, that copy may reappear',
  },
];
