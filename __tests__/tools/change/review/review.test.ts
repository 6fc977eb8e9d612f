import { readFileSync } from 'node:fs';
import { review } from '../../../../tools/change/review/review';
import { fixture, headings, lines, planFile, planOf, together } from '../../../support/plans';

const markdownOf = (name: string): string => review(fixture(name)).markdown;

describe('the review of a plan', () => {
  it('is one line where nothing changes', () => {
    expect(review(fixture('no-changes'), { title: 'dev' })).toEqual({
      markdown: '## Plan for dev: no changes\n',
      dataAtRisk: false,
      exposed: false,
      differs: false,
    });
  });

  it('tells which function’s code changes, with old and new hash, and nothing else', () => {
    expect(markdownOf('code')).toBe(
      [
        '## Plan',
        'no data at risk · code of 1 function · 1 updated',
        '### Code',
        '- `plans-process-upload` `x3XvzxZIbqAC` → `2nGKe3FwTo9q`\n',
      ].join('\n\n'),
    );
  });

  it('tells what changes in the configuration, setting by setting, in AWS’s words and with units', () => {
    const markdown = markdownOf('configuration');

    expect(headings(markdown)).toEqual(['Configuration', 'What drives the cost']);
    expect(lines(markdown, 'Configuration')).toEqual([
      'log group `/aws/lambda/plans-process-upload`: RetentionInDays `30 days` → `90 days`',
      '5 resources: Tags.team `data` → `files`',
      'function `plans-process-upload`: Environment.Variables.LOG_LEVEL `INFO` → `DEBUG`',
      'function `plans-process-upload`: LoggingConfig.ApplicationLogLevel `INFO` → `DEBUG`',
      'function `plans-process-upload`: MemorySize `512 MB` → `1024 MB`',
      'function `plans-process-upload`: ReservedConcurrentExecutions `not set` → `5`',
      'function `plans-process-upload`: Timeout `300 s` → `120 s`',
      'asynchronous invocation of `plans-process-upload`: MaximumRetryAttempts `2` → `1`',
    ]);
    expect(lines(markdown, 'What drives the cost')).toEqual([
      '↑ log storage: log group `/aws/lambda/plans-process-upload` RetentionInDays `30 days` → `90 days`',
      '↑ memory, for every millisecond that runs: function `plans-process-upload` MemorySize `512 MB` → `1024 MB`',
      '↕ the most that can run at a time: function `plans-process-upload` ReservedConcurrentExecutions `not set` → `5`',
      '↓ the longest one event can run: function `plans-process-upload` Timeout `300 s` → `120 s`',
      '↓ retries: asynchronous invocation of `plans-process-upload` MaximumRetryAttempts `2` → `1`',
    ]);
  });

  it('tells what is newly permitted and newly refused: action, resource and who', () => {
    const markdown = markdownOf('permissions');

    expect(lines(markdown, 'Permissions widened')).toEqual([
      'role `plans-process-upload` may `s3:GetObject`, `s3:GetObjectTagging`, `s3:DeleteObject` on `arn:aws:s3:::plans-uploads/*`',
    ]);
    expect(lines(markdown, 'Permissions narrowed')).toEqual([
      'role `plans-process-upload` is now refused `s3:DeleteObject` on `arn:aws:s3:::plans-uploads/processed/*`',
    ]);
  });

  it('puts a bucket that is replaced first, in bold, with the setting that forces it', () => {
    const { markdown, dataAtRisk } = review(fixture('data-at-risk'));

    expect(dataAtRisk).toBe(true);
    expect(headings(markdown)[0]).toBe('⚠ Data at risk');
    expect(lines(markdown, '⚠ Data at risk')).toEqual([
      '**bucket `plans-uploads` will be replaced** because Bucket changes and loses its objects, with all versions (`aws_s3_bucket.uploads_bucket_556152F0`)',
    ]);
    // The policies name the new bucket by a reference, and are the same but for that.
    expect(headings(markdown)).not.toContain('Permissions widened');
    expect(lines(markdown, 'Configuration')).toEqual([
      'permission to invoke `plans-process-upload`: SourceArn `arn:aws:s3:::plans-uploads` → `known after apply`',
      'bucket `plans-uploads`: Bucket `plans-uploads` → `plans-elsewhere`',
      '6 resources: Bucket `plans-uploads` → `known after apply`',
    ]);
  });

  it('puts data at risk where a shorter retention deletes older data', () => {
    const { markdown, dataAtRisk } = review(fixture('less-kept'));

    expect(dataAtRisk).toBe(true);
    expect(lines(markdown, '⚠ Data at risk')).toEqual([
      '**log group `/aws/lambda/plans-process-upload` keeps data for less time** (30 days → 7 days): older data is deleted (`aws_cloudwatch_log_group.process-upload_logs_5DEBAAFB`)',
      '**queue `plans-failures` keeps data for less time** (14 days → 3 days): older data is deleted (`aws_sqs_queue.failures_queue_3DB484D9`)',
    ]);
  });

  it('tells whatever holds data when everything is destroyed, and calls the end of its refusals no exposure', () => {
    const { markdown, dataAtRisk } = review(fixture('destroy'));

    expect(dataAtRisk).toBe(true);
    expect(lines(markdown, '⚠ Data at risk').map((line) => line.split('**')[1])).toEqual([
      'log group `/aws/lambda/plans-process-upload` will be destroyed',
      'bucket `plans-uploads` will be destroyed',
      'queue `plans-failures` will be destroyed',
    ]);
    expect(headings(markdown)).toEqual([
      '⚠ Data at risk',
      'Permissions narrowed',
      'Created, replaced, destroyed',
      'Outputs',
    ]);
  });

  it.each([
    ['release', 'version 2 → the version that this publishes (release)'],
    ['canary', 'version 2 → version 2 (90 %) and version 1 (10 %) (canary)'],
    ['rollback', 'version 2 → version 1 (rollback)'],
  ])('tells a %s as what it is', (name, told) => {
    const markdown = markdownOf(name);

    expect(lines(markdown, 'Releases')).toEqual([`\`plans-process-upload:live\`: ${told}`]);
    expect(headings(markdown)).toEqual(name === 'release' ? ['Code', 'Releases'] : ['Releases']);
  });

  it('tells who may use a key of one’s own, and that it is billed', () => {
    const markdown = markdownOf('key-of-ones-own');

    expect(lines(markdown, 'Permissions widened')).toContainEqual(
      expect.stringMatching(/^`logs\.us-east-1\.amazonaws\.com`, at KMS key `key`, may `kms:Decrypt`/u),
    );
    expect(lines(markdown, 'What drives the cost')).toEqual(['↑ KMS key `key` created, billed by the month']);
    expect(headings(markdown)).not.toContain('Exposure');
  });

  it('tells what is opened: an invocation by anyone, public access, no encryption, no TLS', () => {
    expect(lines(markdownOf('exposure'), 'Exposure')).toEqual([
      'permission to invoke `plans-process-upload`: anyone may invoke the function: `*`',
      'public access block of bucket `plans-uploads`: block_public_policy is off: public access is possible',
      'queue `plans-failures`: messages are not encrypted',
      'bucket `plans-uploads`: requests without TLS are no longer refused',
    ]);
  });

  it('prints neither what Terraform calls sensitive nor what goes by a secret’s name or looks like one', () => {
    const markdown = markdownOf('secrets');

    expect(lines(markdown, 'Configuration').filter((line) => line.includes('sensitive'))).toEqual([
      'function `plans-process-upload`: Environment.Variables.DATABASE_URL `not set` → `(sensitive)`',
      'function `plans-process-upload`: Environment.Variables.PARTNER `not set` → `(sensitive)`',
      'function `plans-process-upload`: Environment.Variables.PARTNER_API_KEY `not set` → `(sensitive)`',
    ]);
    for (const secret of ['not-for-anyones-eyes', 'abcdef0123456789', 'hunter2']) {
      expect(readFileSync(planFile('secrets'), 'utf8')).toContain(secret);
      expect(markdown).not.toContain(secret);
    }
  });

  describe('of a first deployment', () => {
    it('tells the permissions as they are written, with references to what only the apply can name', () => {
      const { markdown, dataAtRisk, exposed } = review(fixture('first-deployment'));

      expect({ dataAtRisk, exposed }).toEqual({ dataAtRisk: false, exposed: false });
      expect(lines(markdown, 'Permissions widened')).toContain(
        'role `plans-process-upload` may `sqs:SendMessage` on `${aws_sqs_queue.failures_queue_3DB484D9.arn}`',
      );
    });

    it('tells every setting of what is created, folded', () => {
      const { markdown } = review(fixture('first-deployment'));

      expect(headings(markdown).at(-1)).toBe('Settings of what is created');
      expect(lines(markdown, 'Settings of what is created')).toContain(
        'queue `plans-failures`: MessageRetentionPeriod `1209600 s`, Name `plans-failures`, SqsManagedSseEnabled `true`',
      );
    });
  });

  it('folds a long section and cuts what is too long for a comment at the end of a line', () => {
    const plans = Array.from({ length: 2_000 }, (_, index) =>
      planOf('aws_sns_topic', { name: `topic-${index}`, kms_master_key_id: 'key' }, null),
    );
    const { markdown } = review(together(...plans));

    expect(markdown.length).toBeLessThan(65_536);
    expect(markdown).toContain('<details><summary>1980 more</summary>');
    expect(markdown).toMatch(/`\n\n<\/details>\n\n_Cut here: [^\n]*_\n$/u);
  });

  it('keeps a value with backticks and line breaks inside its code span', () => {
    const plan = planOf(
      'aws_lambda_function',
      { function_name: 'f', description: 'old' },
      { function_name: 'f', description: '`new`\n### Data at risk' },
      { expressions: { description: {} } },
    );

    expect(lines(review(plan).markdown, 'Configuration')).toEqual([
      'function `f`: Description `old` → `` `new` ### Data at risk ``',
    ]);
  });
});
