import type { Timed } from '../lib/command';
import { timedOnStub } from '../lib/on-stub';
import type { BenchContext, Section } from '../lib/section';

/** Each upload leaves three entries: its version, the delete marker above it, and the version of its copy. */
const ENTRIES_AN_UPLOAD = 3;
const SMALL = 100_000;
const LARGE = 1_000_000;

export const auditOfVersions: Section = {
  name: 'audit',
  about: 'npm run audit of a million versions on a stub that only lists',
  slow: true,
  run: async (context) => {
    const few = await auditOf(SMALL, context);
    const many = await auditOf(LARGE, context);
    const column = (read: (run: Timed) => number) => ({
      [SMALL.toLocaleString('en')]: [read(few)],
      [LARGE.toLocaleString('en')]: [read(many)],
    });
    const peak = ({ peakMb = NaN }: Timed) => peakMb;
    return {
      title: 'Audit, by entries of the version listings',
      measurements: [
        { what: 'whole command', unit: 's', samples: column(({ wallMs }) => wallMs / 1_000) },
        { what: 'peak memory', unit: 'MB', samples: column(peak) },
      ],
      ratios: [
        {
          what: 'peak memory, ten times the entries / once',
          value: peak(many) / peak(few),
          target: { most: 1.5 },
        },
        { what: 'minutes for a million entries', value: many.wallMs / 60_000, target: { most: 1 } },
      ],
      notes: [
        'The stub answers at once: on S3 each page of 1,000 entries takes some 100 ms more, two at a time.',
      ],
    };
  },
};

function auditOf(entries: number, { root, note }: BenchContext): Promise<Timed> {
  note(`${entries.toLocaleString('en')} entries`);
  const size = Math.round(entries / ENTRIES_AN_UPLOAD);
  return timedOnStub({ root, stub: 'versions-stub.mjs', size, tool: 'audit' });
}
