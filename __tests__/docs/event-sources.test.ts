import { readFileSync } from 'node:fs';
import type { SettingsInput } from '../../config/settings';
import { EVERY_JOB_SOURCE, MINIMAL, parse, synthPipeline, type Block } from '../support/synth';

const page = readFileSync('docs/event-sources.md', 'utf8');

/** The rows of the table below a heading, cell by cell, without its own two first lines. */
const tableOf = (heading: string): string[][] =>
  (page.split(`${heading}\n`)[1] ?? '')
    .split(/^#/mu, 1)[0]
    ?.split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) => line.split('|').map((cell) => cell.trim())) ?? [];

/** Every source of every kind that the stack can have. */
const VARIANTS: readonly SettingsInput[] = [
  { ...MINIMAL, trigger: 'direct', jobs: EVERY_JOB_SOURCE, endpoint: { enabled: true } },
  { ...MINIMAL, trigger: 'eventbridge' },
  { ...MINIMAL, trigger: 'topic' },
];

const synthesized = VARIANTS.map((settings) => parse(synthPipeline(settings)).resource);
const blocks = (type: string): Block[] =>
  synthesized.flatMap((resource) => Object.values(resource[type] ?? {}));
const texts = (type: string, property: string): string[] =>
  blocks(type).map((block) => JSON.stringify(block[property] ?? '').replaceAll('"', ''));

/** The sources by kind, as the page calls them, of what the stack permits and maps. */
function wired(): Record<string, string[]> {
  const asynchronous: Readonly<Record<string, string>> = {
    's3.amazonaws.com': 'S3',
    'sns.amazonaws.com': 'SNS',
    'events.amazonaws.com': 'EventBridge',
  };
  const principals = texts('aws_lambda_permission', 'principal');
  const mapped = texts('aws_lambda_event_source_mapping', 'event_source_arn');
  const roles = texts('aws_iam_role', 'assume_role_policy');
  const invokes = blocks('aws_iam_role_policy').filter(({ name }) => name === 'invoke-invoked');
  const has = (sign: boolean, name: string): string[] => (sign ? [name] : []);
  return {
    'Push, asynchronous': [
      ...new Set(principals.flatMap((principal) => asynchronous[principal] ?? [])),
      ...has(
        roles.some((role) => role.includes('scheduler.amazonaws.com')),
        'Scheduler',
      ),
    ],
    'Push, synchronous': [
      ...has(
        principals.includes('apigateway.amazonaws.com') ||
          roles.some((role) => role.includes('apigateway.amazonaws.com')),
        'API Gateway',
      ),
      ...has(invokes.length > 0, 'another function'),
    ],
    'Poll, queue': has(
      mapped.some((arn) => arn.includes('aws_sqs_queue')),
      'SQS',
    ),
    'Poll, stream': [
      ...has(
        mapped.some((arn) => arn.includes(':kinesis:')),
        'Kinesis',
      ),
      ...has(
        mapped.some((arn) => arn.includes(':dynamodb:')),
        'DynamoDB streams',
      ),
    ],
  };
}

describe('docs/event-sources.md', () => {
  const kinds = tableOf('## The four kinds');

  it('names, for every kind, the sources that the stack can have, and no other', () => {
    const named = Object.fromEntries(
      kinds.map(([, kind = '', sources = '']) => [kind, sources.split(', ').sort()]),
    );

    expect(named).toEqual(
      Object.fromEntries(Object.entries(wired()).map(([kind, sources]) => [kind, sources.sort()])),
    );
  });

  it('says of every other source of which kind it is, who may invoke, who retries, and where failures end', () => {
    const others = tableOf('### Other sources');
    const known = kinds.map(([, kind]) => kind);

    expect(others.length).toBeGreaterThan(0);
    for (const [, source, kind, ...cells] of others) {
      expect(source).not.toBe('');
      expect(known).toContain(kind);
      expect(cells.slice(0, 3)).not.toContain('');
    }
  });
});
