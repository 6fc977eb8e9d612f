import type { Timed } from '../lib/command';
import { timedOnStub } from '../lib/on-stub';
import type { BenchContext, Section } from '../lib/section';

const SMALL = 10_000;
const LARGE = 100_000;
/** Records sent back at the highest rate of a redrive: 1,000 a second. */
const SENT = 20_000;

const thousands = (records: number): string => records.toLocaleString('en');

export const failureRecords: Section = {
  name: 'failures',
  about: 'npm run failures and redrive of a hundred thousand records on a stub of SQS and Lambda',
  slow: true,
  run: async (context) => {
    const few = await on(SMALL, 'failures', context);
    const many = await on(LARGE, 'failures', context);
    const dry = await on(LARGE, 'redrive', context, ['--dry-run']);
    const sent = await on(SENT, 'redrive', context, ['--rate', '1000', '--no-wait']);
    const samples = (read: (run: Timed) => number) => ({
      [`failures, ${thousands(SMALL)}`]: [read(few)],
      [`failures, ${thousands(LARGE)}`]: [read(many)],
      [`redrive --dry-run, ${thousands(LARGE)}`]: [read(dry)],
      [`redrive, ${thousands(SENT)}`]: [read(sent)],
    });
    const peak = ({ peakMb = NaN }: Timed) => peakMb;
    return {
      title: 'Failures and redrive, by records in the queue',
      measurements: [
        { what: 'whole command', unit: 's', samples: samples(({ wallMs }) => wallMs / 1_000) },
        { what: 'peak memory', unit: 'MB', samples: samples(peak) },
      ],
      ratios: [
        { what: 'time, ten times the records / once', value: many.wallMs / few.wallMs, target: { most: 12 } },
        {
          what: 'records a second that redrive sends, of 1,000 allowed',
          value: SENT / (sent.wallMs / 1_000),
        },
      ],
      notes: [
        'The stub answers at once: SQS takes some 10 ms for each ten records.',
        'SQS hides at most 120,000 messages at a time, so no reader sees more of a queue at once.',
      ],
    };
  },
};

function on(
  size: number,
  tool: 'failures' | 'redrive',
  { root, note }: BenchContext,
  args: readonly string[] = [],
): Promise<Timed> {
  note(`${tool} ${args.join(' ')}: ${thousands(size)} records`);
  const code = tool === 'failures' ? SOMETHING_IS_LEFT : 0;
  return timedOnStub({ root, stub: 'queue-stub.mjs', size, tool, args, code });
}

const SOMETHING_IS_LEFT = 3;
