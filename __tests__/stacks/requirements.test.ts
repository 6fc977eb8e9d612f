import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { App, Testing } from 'cdktf';
import { parseSettings } from '../../config/environments';
import { PipelineStack } from '../../stacks/pipeline-stack';
import { nodeFunction } from '../support/mover';
import {
  DIST,
  EVERY_JOB_SOURCE,
  EVERYTHING,
  MINIMAL,
  parse,
  synthPipeline,
  type Block,
} from '../support/synth';

/** What a synth refuses of a stack to which something was added. */
function refusal(add: (stack: PipelineStack) => void): string {
  const app = new App({ outdir: mkdtempSync(path.join(tmpdir(), 'cdktf-')) });
  const settings = parseSettings(MINIMAL, 'test');
  const stack = new PipelineStack(Testing.fakeCdktfJsonPath(app), 'upload-pipeline', settings, DIST);
  add(stack);
  try {
    Testing.synth(stack, true);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'nothing';
}

describe('a synth', () => {
  it('accepts the stack as it is', () => {
    expect(refusal(() => undefined)).toBe('nothing');
  });

  it.each([
    [
      'a function without a failure destination',
      (stack: PipelineStack) => nodeFunction(stack, 'late'),
      'late: no failure destination',
    ],
    [
      'a function without alarms',
      (stack: PipelineStack) => nodeFunction(stack, 'late'),
      'late: no alarms; expected it to be made before addHealth',
    ],
    [
      'a function whose name nobody is permitted',
      (stack: PipelineStack) => nodeFunction(stack, 'late', { functionName: 'resize' }),
      'late/function: the name "resize"; expected one that starts with "test-"',
    ],
    [
      'a function made without the construct',
      (stack: PipelineStack) => new LambdaFunction(stack, 'bare', { functionName: 'test-bare', role: 'r' }),
      'bare: a function that is no NodeFunction',
    ],
    [
      'a queue without alarms',
      (stack: PipelineStack) => new SqsQueue(stack, 'bare', { name: 'test-bare' }),
      'bare: no alarms',
    ],
    [
      'a queue whose name nobody is permitted',
      (stack: PipelineStack) => new SqsQueue(stack, 'bare', { name: 'bare' }),
      'bare: the name "bare"; expected one that starts with "test-"',
    ],
    [
      'log lines that are kept forever',
      (stack: PipelineStack) => new CloudwatchLogGroup(stack, 'bare', { name: '/aws/lambda/test-bare' }),
      'bare: no retention',
    ],
  ])('refuses %s', (_, add, message) => {
    expect(refusal(add)).toContain(`upload-pipeline/${message}`);
  });
});

const metric = (alarm: Block): string => JSON.stringify([alarm.metric_name, alarm.metric_query]);

/** What every function and every queue must have, by the metric that it looks at. */
const OF_A_FUNCTION = [
  'AsyncEventAge',
  'AsyncEventsDropped',
  'DestinationDeliveryFailures',
  'Duration',
  'Errors',
  'RecursiveInvocationsDropped',
  'Throttles',
];
const OF_A_QUEUE = ['ApproximateAgeOfOldestMessage', 'ApproximateNumberOfMessagesVisible'];

describe.each([
  ['prod’s defaults', MINIMAL],
  ['everything on', { ...EVERYTHING, trigger: 'queue' as const, jobs: EVERY_JOB_SOURCE }],
  ['a FIFO queue', { ...MINIMAL, jobs: { queue: { enabled: true, fifo: true } } }],
])('the alarms of %s', (_, settings) => {
  const { resource, output = {} } = parse(synthPipeline(settings));
  const alarms = Object.values(resource.aws_cloudwatch_metric_alarm ?? {});
  const about = (name: string): string[] =>
    alarms.filter((alarm) => JSON.stringify(alarm).includes(`Name":${JSON.stringify(name)}`)).map(metric);
  const functions = Object.values(resource.aws_lambda_function ?? {}).map(
    ({ function_name }) => function_name as string,
  );
  const queues = Object.values(resource.aws_sqs_queue ?? {}).map(({ name }) => name as string);

  it.each(functions)('look at what %s loses events by', (name) => {
    for (const needed of OF_A_FUNCTION)
      expect(about(name)).toContainEqual(expect.stringContaining(`"${needed}"`));
  });

  it.each(queues)('look at how much waits in %s, and for how long', (name) => {
    for (const needed of OF_A_QUEUE)
      expect(about(name)).toContainEqual(expect.stringContaining(`"${needed}"`));
  });

  it('have names of their own', () => {
    const names = alarms.map(({ alarm_name: name }) => name);

    expect(new Set(names).size).toBe(names.length);
  });

  it.each(functions)('stand beside an output that names %s', (name) => {
    const id = name.replace(/^test-/u, '').replaceAll('-', '_');

    expect(output).toHaveProperty(`${id}_function`);
  });
});

describe('the output of a function', () => {
  it('is its alias where it is released by one', () => {
    const { output = {} } = parse(synthPipeline({ ...MINIMAL, processUpload: { release: { alias: true } } }));

    expect(output.process_upload_function?.value).toMatch(
      /^\$\{aws_lambda_alias\..*\.function_name\}:\$\{aws_lambda_alias\..*\.name\}$/u,
    );
    expect(output.caller_function?.value).toMatch(/^\$\{aws_lambda_function\..*\.function_name\}$/u);
  });
});
