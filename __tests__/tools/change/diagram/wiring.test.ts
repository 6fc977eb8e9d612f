import { existsSync, readdirSync } from 'node:fs';
import { parseSettings } from '../../../../config/environments';
import type { Settings } from '../../../../config/settings';
import { mermaid } from '../../../../tools/change/diagram/mermaid';
import { synthesize, type Resources } from '../../../../tools/build/synthesize';
import { wiringOf } from '../../../../tools/change/diagram/wiring';

/** The folders below `handlers/` that are one. */
const HANDLERS = readdirSync('handlers').filter((name) => existsSync(`handlers/${name}/index.ts`));

const resourcesOf = (trigger: Settings['trigger']): Resources =>
  synthesize(parseSettings({ namePrefix: 'test', trigger }, 'test'), HANDLERS);

/** The arrows of a diagram, each in a line. */
const arrows = (resources: Resources): string[] =>
  mermaid(wiringOf(resources))
    .split('\n')
    .filter((line) => / -(-|\.-)> ?\|/u.test(line))
    .map((line) => line.trim());

/** The same resources without those of a type. */
const without = (resources: Resources, type: string): Resources =>
  Object.fromEntries(Object.entries(resources).filter(([name]) => name !== type));

const MOVES =
  'process_upload_function -->|"reads, deletes uploads/*; reads, writes processed/*"| uploads_bucket';
const FAILS = 'process_upload_function -.->|"failed after 2 retries"| failures_queue';

describe('the wiring of a synthesized stack', () => {
  it.each([
    ['direct', ['uploads_bucket -->|"ObjectCreated:* uploads/*"| process_upload_function']],
    [
      'queue',
      [
        'uploads_bucket -->|"ObjectCreated:* uploads/*"| upload_queue',
        'upload_queue -->|"batches of 10"| process_upload_function',
        'upload_queue -.->|"after 5 attempts"| failures_queue',
      ],
    ],
    [
      'eventbridge',
      [
        'uploads_bucket -->|"every event"| outside_0',
        'outside_0 -->|"Object Created {prefix:uploads/}"| upload_rule',
        'upload_rule -->|"asynchronously"| process_upload_function',
        'upload_rule -.->|"undelivered"| failures_queue',
      ],
    ],
    [
      'topic',
      [
        'uploads_bucket -->|"ObjectCreated:* uploads/*"| upload_topic',
        'upload_topic -->|"lambda"| process_upload_function',
        'upload_topic -.->|"undelivered"| failures_queue',
      ],
    ],
  ] as const)('by %s has exactly the arrows of that route', (trigger, route) => {
    const ofUploads = arrows(resourcesOf(trigger)).filter(
      (arrow) => !/^(caller|invoked|sweep)_/u.test(arrow),
    );

    expect(ofUploads.sort()).toEqual([...route, MOVES, FAILS].sort());
  });

  it.each([
    ['direct', 'aws_s3_bucket_notification', 'ObjectCreated'],
    ['queue', 'aws_lambda_event_source_mapping', 'batches of'],
    ['eventbridge', 'aws_cloudwatch_event_target', 'asynchronously'],
    ['topic', 'aws_sns_topic_subscription', '"lambda"'],
    ['direct', 'aws_lambda_function_event_invoke_config', 'failed after'],
    ['direct', 'aws_iam_role_policy', 'invokes'],
    ['direct', 'aws_iam_role_policy', 'reads, deletes'],
  ] as const)('by %s loses the arrow when %s is not there', (trigger, type, label) => {
    const resources = resourcesOf(trigger);

    expect(arrows(resources).join('\n')).toContain(label);
    expect(arrows(without(resources, type)).join('\n')).not.toContain(label);
  });

  it.each(['direct', 'eventbridge', 'topic'] as const)(
    'by %s says so where no permission lets the source in',
    (trigger) => {
      const resources = resourcesOf(trigger);

      expect(arrows(resources).join('\n')).not.toContain('NOT PERMITTED');
      expect(arrows(without(resources, 'aws_lambda_permission')).join('\n')).toContain(
        ' (NOT PERMITTED)"| process_upload_function',
      );
    },
  );

  it('draws who may start a function where nothing else says it, and what functions invoke', () => {
    const invoke = {
      Effect: 'Allow',
      Action: ['lambda:InvokeFunction'],
      Resource: ['${aws_lambda_function.b_1.arn}'],
    };
    const resources: Resources = {
      aws_lambda_function: {
        a_1: { function_name: 'a', role: '${aws_iam_role.a_2.arn}' },
        b_1: { function_name: 'b', role: '${aws_iam_role.b_2.arn}' },
      },
      aws_lambda_alias: { live: { function_name: '${aws_lambda_function.a_1.function_name}' } },
      aws_iam_role_policy: {
        p: { role: '${aws_iam_role.a_2.name}', policy: JSON.stringify({ Statement: [invoke] }) },
      },
      aws_api_gateway_rest_api: { api: { name: 'jobs' } },
      aws_lambda_permission: {
        p: {
          function_name: '${aws_lambda_alias.live.arn}',
          principal: 'apigateway.amazonaws.com',
          source_arn: '${aws_api_gateway_rest_api.api.execution_arn}/*',
        },
      },
    };

    expect(arrows(resources)).toEqual([
      'api -->|"apigateway.amazonaws.com may invoke"| a_1',
      'a_1 -->|"invokes"| b_1',
    ]);
  });

  it('draws the table of the invoked function’s completed jobs', () => {
    const settings = parseSettings({ namePrefix: 'test', jobs: { idempotency: { enabled: true } } }, 'test');

    expect(mermaid(wiringOf(synthesize(settings, HANDLERS)))).toContain(
      'invoked_function -->|"writes"| jobs_done_table',
    );
  });

  it('draws a bucket that exists, although it is no resource', () => {
    const bucket = { existing: { name: 'team-data', versioned: true } };
    const existing = synthesize(
      parseSettings({ namePrefix: 'test', trigger: 'eventbridge', bucket }, 'test'),
      HANDLERS,
    );

    const [, node = ''] = /(outside_\d+)\[\/"bucket team-data"/u.exec(mermaid(wiringOf(existing))) ?? [];
    expect(arrows(existing)).toEqual(
      expect.arrayContaining([
        `${node} -->|"every event"| outside_0`,
        `process_upload_function -->|"reads, deletes uploads/*; reads, writes processed/*"| ${node}`,
        `sweep_function -->|"reads, writes .upload-pipeline/sweep-test"| ${node}`,
      ]),
    );
  });

  it('draws what is outside of the stack in its own words', () => {
    const endpoint = 'arn:aws:sqs:us-east-1:111122223333:audit';
    const settings = parseSettings(
      {
        namePrefix: 'test',
        trigger: 'topic',
        uploadTopic: { subscribers: { audit: { protocol: 'sqs', endpoint } } },
      },
      'test',
    );

    const drawn = mermaid(wiringOf(synthesize(settings, HANDLERS)));

    expect(drawn).toContain(`outside_0[/"${endpoint}"/]`);
    expect(drawn).toContain('upload_topic -->|"sqs"| outside_0');
  });
});
