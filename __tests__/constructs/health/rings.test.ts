import { loadSettings } from '../../../config/environments';
import { synthesize, type Block } from '../../../tools/build/synthesize';
import { evaluate, statesOf, type AlarmState, type Datum } from '../../support/cloudwatch';
import { handlerNames } from '../../support/synth';

const settings = loadSettings({ PIPELINE_ENV: 'prod' });
const { aws_cloudwatch_metric_alarm: blocks = {}, aws_lambda_function: functions = {} } = synthesize(
  settings,
  handlerNames(),
);
const alarms = Object.values(blocks).map((block): readonly [name: string, block: Block] => [
  String(block.alarm_name).replace(`${settings.namePrefix}-`, ''),
  block,
]);
const FUNCTIONS = Object.values(functions).map(({ function_name }) => String(function_name));
const QUEUE = `${settings.namePrefix}-failures`;

const ofFunction =
  (FunctionName: string) =>
  (minute: number, metric: string, value: number): Datum => ({
    minute,
    namespace: 'AWS/Lambda',
    metric,
    dimensions: { FunctionName },
    value,
  });
const ofQueue = (minute: number, metric: string, value: number): Datum => ({
  minute,
  namespace: 'AWS/SQS',
  metric,
  dimensions: { QueueName: QUEUE },
  value,
});
/** What a sweep publishes (__tests__/handlers/sweep/index.test.ts holds it to these names). */
const ofSweep = (minute: number, value: number): Datum => ({
  minute,
  namespace: `UploadPipeline/${settings.namePrefix}`,
  metric: 'OldestUploadAgeSeconds',
  dimensions: { service: 'sweep' },
  value,
});

const minutes = (from: number, to: number, step = 1): number[] =>
  Array.from({ length: Math.ceil((to - from) / step) }, (_, index) => from + index * step);

/** Lambda reports an invocation and whether it failed, with a zero where it did not. */
function invocations(name: string, minute: number, count: number, errors: number, durationMs = 900): Datum[] {
  const report = ofFunction(name);
  return [
    report(minute, 'Invocations', count),
    report(minute, 'Errors', errors),
    ...Array.from({ length: count }, () => report(minute, 'Duration', durationMs)),
  ];
}

/** A failure queue that is empty, and a sweep that found nothing: reported all the time. */
const nothingWrong = (to: number): Datum[] => [
  ...minutes(0, to).flatMap((minute) => [
    ofQueue(minute, 'ApproximateNumberOfMessagesVisible', 0),
    ofQueue(minute, 'ApproximateAgeOfOldestMessage', 0),
  ]),
  ...minutes(0, to, 60).map((minute) => ofSweep(minute + 1, 0)),
];

/** An hour of ordinary load: forty invocations a minute, one in fifty fails and is tried again, a burst is throttled. */
const ORDINARY: readonly Datum[] = [
  ...nothingWrong(60),
  ...FUNCTIONS.flatMap((name) =>
    minutes(0, 60).flatMap((minute) => [
      ...invocations(name, minute, 40, minute % 5 === 0 ? 4 : 0),
      ofFunction(name)(minute, 'AsyncEventAge', minute % 5 === 0 ? 181_000 : 40),
      ...(minute >= 20 && minute < 28 ? [ofFunction(name)(minute, 'Throttles', 30)] : []),
    ]),
  ),
];

/**
 * What brings each alarm about, by the end of its name; times in minutes. AWS's names:
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html,
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
const CAUSES: Readonly<Record<string, (name: string) => readonly Datum[]>> = {
  'async-events-dropped': (name) => [ofFunction(name)(12, 'AsyncEventsDropped', 1)],
  'destination-delivery-failures': (name) => [ofFunction(name)(12, 'DestinationDeliveryFailures', 1)],
  'recursive-invocations-dropped': (name) => [ofFunction(name)(12, 'RecursiveInvocationsDropped', 1)],
  // Stopped, or too few executions: events wait until Lambda gives up.
  'async-event-age': (name) =>
    minutes(0, 60).map((minute) => ofFunction(name)(minute, 'AsyncEventAge', (minute / 60 + 3) * 3_600_000)),
  throttles: (name) => minutes(10, 40).map((minute) => ofFunction(name)(minute, 'Throttles', 3)),
  'error-rate': (name) => minutes(10, 40).flatMap((minute) => invocations(name, minute, 40, 4)),
  duration: (name) => minutes(10, 40).flatMap((minute) => invocations(name, minute, 40, 0, 295_000)),
  'failure-queue-depth': () => [ofQueue(12, 'ApproximateNumberOfMessagesVisible', 1)],
  'failure-queue-age': () => [ofQueue(12, 'ApproximateAgeOfOldestMessage', 25 * 3600)],
  // The event was lost, or the mover is stopped: the second sweep finds it older than two hours.
  'uploads-waiting': () => [ofSweep(1, 3_600), ofSweep(61, 7_260), ofSweep(121, 10_860)],
};

const causeOf = (name: string): string => {
  const found = Object.keys(CAUSES).find((cause) => name === cause || name.endsWith(`-${cause}`));
  if (found === undefined) throw new Error(`${name} is an alarm whose cause this test does not know`);
  return found;
};
const functionOf = (name: string): string =>
  FUNCTIONS.find((each) => name.startsWith(`${each.replace(`${settings.namePrefix}-`, '')}-`)) ?? '';

describe('the model of CloudWatch', () => {
  // Rows of the two tables on AWS's page; - is no data. missing, ignore (from OK), breaching, notBreaching.
  it.each<[string, number, AlarmState, AlarmState, AlarmState, AlarmState]>([
    ['0 - X - X', 3, 'OK', 'OK', 'OK', 'OK'],
    ['- - - - 0', 3, 'OK', 'OK', 'OK', 'OK'],
    ['- - - - -', 3, 'INSUFFICIENT_DATA', 'OK', 'ALARM', 'OK'],
    ['0 X X - X', 3, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['- - X - -', 3, 'ALARM', 'OK', 'ALARM', 'OK'],
    ['0 - X - X', 2, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0 0 X 0 X', 2, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0 - X - -', 2, 'OK', 'OK', 'ALARM', 'OK'],
    ['- - - - 0', 2, 'OK', 'OK', 'ALARM', 'OK'],
    ['- - - - X', 2, 'ALARM', 'OK', 'ALARM', 'OK'],
  ])('evaluates %s, %i of 3, as AWS says', (range, toAlarm, ...states) => {
    const points = range.split(' ').map((point) => (point === '-' ? undefined : point === 'X'));
    const treatments = ['missing', 'ignore', 'breaching', 'notBreaching'];

    expect(treatments.map((missing) => evaluate(points, { periods: 3, toAlarm, missing }))).toEqual(states);
  });
});

describe.each(alarms)('prod’s alarm %s', (name, block) => {
  it('rings on its cause', () => {
    const data = CAUSES[causeOf(name)]?.(functionOf(name)) ?? [];
    const states = statesOf(block, data, 180);

    expect(states).toContain('ALARM');
    expect(block.alarm_actions).toEqual([expect.stringContaining('aws_sns_topic')]);
  });

  it('is quiet in an hour of ordinary load with retries', () => {
    expect(new Set(statesOf(block, ORDINARY, 60))).toEqual(new Set(['OK']));
  });

  it('is quiet on the causes of all others, but for what follows from them', () => {
    const others = Object.entries(CAUSES).filter(([cause]) => cause !== causeOf(name));
    const data = others.flatMap(([, cause]) => FUNCTIONS.flatMap((each) => cause(each)));
    // Failed or slow invocations are reported as both.
    const quiet = data.filter(({ metric }) => !['Errors', 'Duration', 'Invocations'].includes(metric));

    expect(statesOf(block, quiet, 60)).not.toContain('ALARM');
  });
});

it('there are alarms to prove, and each cause has one', () => {
  expect(alarms.length).toBeGreaterThan(20);
  expect([...new Set(alarms.map(([name]) => causeOf(name)))].sort()).toEqual(Object.keys(CAUSES).sort());
});

describe('a single bad upload, with nothing else to do', () => {
  const mover = `${settings.namePrefix}-process-upload`;
  const [, errorRate = {}] = alarms.find(([name]) => name === 'process-upload-error-rate') ?? [];

  // Lambda tries again after one and after two minutes: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
  it.each([0, 1, 2, 3, 4])(
    'that fails in minute %i of a period and twice more is the failure queue’s business',
    (at) => {
      const attempts = [at, at + 1, at + 3].flatMap((minute) => invocations(mover, minute, 1, 1));

      expect(statesOf(errorRate, attempts, 60)).not.toContain('ALARM');
    },
  );
});

describe('a sweep that does not run any more', () => {
  const [, waiting = {}] = alarms.find(([name]) => name === 'uploads-waiting') ?? [];

  it('is reported, for its alarm has no data then', () => {
    const states = statesOf(waiting, [ofSweep(1, 0), ofSweep(61, 0)], 8 * 60);

    expect(states.slice(0, 2)).toEqual(['OK', 'OK']);
    expect(states.at(-1)).toBe('INSUFFICIENT_DATA');
    expect(waiting.insufficient_data_actions).toEqual(waiting.alarm_actions);
  });
});
