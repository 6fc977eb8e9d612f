import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The IAM action that each request of the tools needs. https://docs.aws.amazon.com/service-authorization/latest/reference/ */
const ACTION: Readonly<Record<string, string | readonly string[]>> = {
  ChangeMessageVisibilityBatchCommand: 'sqs:ChangeMessageVisibility',
  DeleteMessageCommand: 'sqs:DeleteMessage',
  DescribeAlarmsCommand: 'cloudwatch:DescribeAlarms',
  GetAliasCommand: 'lambda:GetAlias',
  GetFunctionCommand: 'lambda:GetFunction',
  GetFunctionConcurrencyCommand: 'lambda:GetFunctionConcurrency',
  GetFunctionConfigurationCommand: 'lambda:GetFunctionConfiguration',
  GetMetricDataCommand: 'cloudwatch:GetMetricData',
  GetObjectCommand: 's3:GetObject',
  GetQueueAttributesCommand: 'sqs:GetQueueAttributes',
  GetRecordsCommand: ['kinesis:GetRecords', 'dynamodb:GetRecords'],
  GetShardIteratorCommand: ['kinesis:GetShardIterator', 'dynamodb:GetShardIterator'],
  HeadObjectCommand: 's3:GetObject',
  InvokeCommand: 'lambda:InvokeFunction',
  ListObjectVersionsCommand: 's3:ListBucketVersions',
  ListObjectsV2Command: 's3:ListBucket',
  PutObjectCommand: 's3:PutObject',
  ReceiveMessageCommand: 'sqs:ReceiveMessage',
  SendMessageCommand: 'sqs:SendMessage',
  paginateDescribeLogGroups: 'logs:DescribeLogGroups',
  paginateFilterLogEvents: 'logs:FilterLogEvents',
};

/** Everything that the tools for operating run, as far as it talks to AWS. */
const SOURCES = [
  'tools/operate/logs.ts',
  ...readdirSync('tools/logs').map((file) => path.join('tools', 'logs', file)),
  ...['audit', 'failures', 'redrive', 'status', 'sweep'].flatMap((tool) => [
    path.join('tools', 'operate', `${tool}.ts`),
    ...readdirSync(path.join('tools', 'operate', tool)).map((file) =>
      path.join('tools', 'operate', tool, file),
    ),
  ]),
  'handlers/sweep/resubmit.ts',
  'handlers/sweep/resubmit-to-queue.ts',
  'handlers/sweep/s3-listing.ts',
  'tools/lib/count.ts',
];

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

const page = readFileSync('docs/operations.md', 'utf8');
const { Statement: statements } = JSON.parse(/```json\n([\s\S]*?)```/u.exec(page)?.[1] ?? '{}') as {
  Statement: readonly Statement[];
};
const actions = statements.flatMap(({ Action }) => Action);

const requests = [
  ...new Set(
    SOURCES.flatMap(
      (file) => readFileSync(file, 'utf8').match(/\bpaginate[A-Z]\w+|\b[A-Z]\w+Command\b/gu) ?? [],
    ),
  ),
];

describe('the policy of the tools', () => {
  it('allows every request that they send, and nothing else', () => {
    const needed = requests.flatMap((request) => ACTION[request] ?? `unknown to this test: ${request}`);

    expect([...actions].sort()).toEqual([...new Set(needed)].sort());
  });

  it('names every action in full, and resources wherever IAM knows them', () => {
    const everywhere = statements.filter(({ Resource }) => Resource === '*').flatMap(({ Action }) => Action);

    expect(actions).not.toContainEqual(expect.stringContaining('*'));
    expect(everywhere.sort()).toEqual(['cloudwatch:DescribeAlarms', 'cloudwatch:GetMetricData']);
  });
});
