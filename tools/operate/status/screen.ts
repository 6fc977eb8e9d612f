import { type Colours, duration, printable, table } from '../../lib/terminal';
import type { Elsewhere } from './elsewhere';
import type { Counted } from '../../lib/count';
import { cameOfIt } from '../redrive/history-report';
import type { Live, Status } from './gather';

/** The status on one screen. */
export function statusScreen(status: Status, now: Date, colours: Colours): string {
  const { waiting, oldest, elsewhere, processedToday, failures, reservedConcurrency, alarms } = status;
  const { failuresInFlight, uploadQueue, live, lastRedrive } = status;
  const mark = (bad: boolean, text: string): string => (bad ? colours.bad(text) : colours.good(text));
  const stopped = reservedConcurrency === 0;
  return table([
    ['Uploads waiting', counted(waiting)],
    ['Oldest upload', oldest === undefined ? '–' : `${duration(now.getTime() - oldest.getTime())} ago`],
    ...(uploadQueue === undefined
      ? []
      : [
          [
            'Upload queue',
            `${uploadQueue.visible.toLocaleString('en')} waiting, ${uploadQueue.hidden.toLocaleString('en')} in flight`,
          ],
        ]),
    ...(elsewhere.number > 0 ? [['Elsewhere', colours.warning(elsewhereText(elsewhere))]] : []),
    ['Processed today', `${counted(processedToday)} (since midnight UTC)`],
    [
      'Failures',
      mark(
        failures > 0,
        failures === 0
          ? 'none'
          : `${failures.toLocaleString('en')}${inFlight(failuresInFlight)}: npm run failures`,
      ),
    ],
    [
      'Last redrive',
      lastRedrive === undefined
        ? 'none'
        : `${lastRedrive.began.replace('T', ' ').slice(0, 16)}Z  ${printable(lastRedrive.name ?? '–')}  ${lastRedrive.redriven} redriven, ${cameOfIt(lastRedrive)}`,
    ],
    ['Version', liveText(live)],
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

/** The same in one line, for a log. */
export const statusLine = (status: Status, now: Date): string =>
  [
    `${now.toISOString().slice(11, 19)}Z`,
    `${counted(status.waiting)} waiting`,
    `${counted(status.processedToday)} processed today`,
    `${status.failures.toLocaleString('en')} failures${inFlight(status.failuresInFlight)}`,
    ...(status.reservedConcurrency === 0 ? ['stopped'] : []),
    ...(status.alarms === undefined ? [] : [`alarms: ${status.alarms.join(', ') || 'none'}`]),
  ].join('  ');

const inFlight = (number: number): string =>
  number === 0 ? '' : `, ${number.toLocaleString('en')} of them in flight (redrive or failures)`;

const liveText = ({ version, canary, changed }: Live): string => {
  if (version === undefined)
    return `the latest code, of ${(changed ?? 'an unknown time').slice(0, 19).replace('T', ' ')}`;
  const beside = canary === undefined ? '' : `, ${canary.version} gets ${Math.round(canary.weight * 100)} %`;
  return `${version}${beside}`;
};

/** Whether something needs a person. */
export const needsAttention = ({ failures, reservedConcurrency, alarms = [] }: Status): boolean =>
  failures > 0 || reservedConcurrency === 0 || alarms.length > 0;

/** Nobody moves these: they may be uploads below a prefix that was served once. */
const elsewhereText = ({ example = '', ...objects }: Elsewhere): string =>
  `${counted(objects)} under no prefix of the pipeline, the first: ${printable(example)} (formerPrefixes)`;

const counted = ({ number, atLeast }: Counted): string =>
  `${atLeast ? 'at least ' : ''}${number.toLocaleString('en')}`;
