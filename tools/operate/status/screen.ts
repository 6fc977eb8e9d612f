import { type Colours, duration, printable, table } from '../../lib/terminal';
import type { Elsewhere } from './elsewhere';
import type { Counted } from '../../lib/count';
import type { Status } from './gather';

/** The status on one screen. */
export function statusScreen(status: Status, now: Date, colours: Colours): string {
  const { waiting, oldest, elsewhere, processedToday, failures, reservedConcurrency, alarms } = status;
  const mark = (bad: boolean, text: string): string => (bad ? colours.bad(text) : colours.good(text));
  const stopped = reservedConcurrency === 0;
  return table([
    ['Uploads waiting', counted(waiting)],
    ['Oldest upload', oldest === undefined ? '–' : `${duration(now.getTime() - oldest.getTime())} ago`],
    ...(elsewhere.number > 0 ? [['Elsewhere', colours.warning(elsewhereText(elsewhere))]] : []),
    ['Processed today', `${counted(processedToday)} (since midnight UTC)`],
    [
      'Failures',
      mark(failures > 0, failures === 0 ? 'none' : `${failures.toLocaleString('en')}: npm run failures`),
    ],
    [
      'Concurrency',
      mark(
        stopped,
        stopped
          ? 'stopped (reserved concurrency 0)'
          : reservedConcurrency === undefined
            ? "from the account's pool"
            : `${reservedConcurrency} reserved`,
      ),
    ],
    [
      'Alarms',
      alarms === undefined
        ? 'none are set up (health.enabled)'
        : mark(alarms.length > 0, alarms.length === 0 ? 'none in ALARM' : alarms.join(', ')),
    ],
  ]);
}

/** Whether something needs a person. */
export const needsAttention = ({ failures, reservedConcurrency, alarms = [] }: Status): boolean =>
  failures > 0 || reservedConcurrency === 0 || alarms.length > 0;

/** Nobody moves these: they may be uploads below a prefix that was served once. */
const elsewhereText = ({ example = '', ...objects }: Elsewhere): string =>
  `${counted(objects)} under no prefix of the pipeline, the first: ${printable(example)} (formerPrefixes)`;

const counted = ({ number, atLeast }: Counted): string =>
  `${atLeast ? 'at least ' : ''}${number.toLocaleString('en')}`;
