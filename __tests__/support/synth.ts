import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Testing } from 'cdktf';
import { parseSettings } from '../../config/environments';
import type { SettingsInput } from '../../config/settings';
import type { FunctionCodeSource } from '../../constructs/function/function-code';
import { PipelineStack } from '../../stacks/pipeline-stack';
import { zipSync } from 'fflate';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A resource or data source of the synthesized JSON, with its properties in snake case. */
export type Block = Readonly<Record<string, Json>>;

/** The synthesized JSON, as far as tests look into it. */
export interface Synthesized {
  readonly data?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly output?: Readonly<Record<string, Block>>;
  readonly provider: Readonly<Record<string, readonly Block[]>>;
  readonly resource: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly terraform: {
    readonly backend: Block;
    readonly required_providers: Readonly<Record<string, Block>>;
  };
}

/** A statement of a policy in the synthesized JSON, and where it stands. */
export interface Statement {
  /** e.g. `aws_iam_role_policy.process-upload_move-uploads_C70E0188`. */
  readonly address: string;
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: Json;
  readonly Action: readonly string[];
  readonly Resource?: readonly string[];
  readonly Condition?: Json;
}

export const DIST = fakeBuild();

/** A build whose handlers do nothing: what is in the zip is not what these tests look at. */
function fakeBuild(): string {
  const dist = mkdtempSync(path.join(tmpdir(), 'dist-'));
  const code = Buffer.from('exports.handler = async () => {};');
  mkdirSync(path.join(dist, 'packages'), { recursive: true });
  for (const name of handlerNames()) {
    mkdirSync(path.join(dist, 'handlers', name), { recursive: true });
    writeFileSync(path.join(dist, 'handlers', name, 'index.js'), code);
    writeFileSync(path.join(dist, 'packages', `${name}.zip`), zipSync({ 'index.js': code }));
  }
  return dist;
}

/** The folders that `npm run build` makes a handler of. */
export function handlerNames(): string[] {
  return readdirSync('handlers').filter((name) => existsSync(path.join('handlers', name, 'index.ts')));
}

/** Code for a function under test. */
export const prebuiltCode: FunctionCodeSource = {
  packaging: 'prebuilt',
  zip: path.join(DIST, 'packages', 'process-upload.zip'),
};

/** Code for a function under test that Terraform packs. */
export const archivedCode: FunctionCodeSource = {
  packaging: 'archive',
  directory: path.join(DIST, 'handlers', 'process-upload'),
};

/** The least settings that are valid. */
export const MINIMAL: SettingsInput = { namePrefix: 'test' };

/** Settings with every option on. */
export const EVERYTHING: SettingsInput = {
  ...MINIMAL,
  packaging: 'prebuilt',
  onExisting: 'keepBoth',
  bucket: { name: 'our-uploads', processedExpirationDays: 30 },
  encryption: { customerManagedKey: true },
  processUpload: {
    reservedConcurrentExecutions: 5,
    release: { alias: true, provisionedConcurrentExecutions: 1 },
  },
  caller: { reservedConcurrentExecutions: 5, release: { alias: true } },
  invoked: { reservedConcurrentExecutions: 5, release: { alias: true }, onSuccess: true },
  endpoint: { enabled: true },
  functions: { tracing: true },
  health: { emails: ['us@example.com'] },
  vpc: {
    vpcId: 'vpc-0123456789abcdef0',
    subnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
    routeTableIds: ['rtb-0123456789abcdef0'],
    logsEndpoint: true,
  },
};

/** Every source of jobs for the invoked function. */
export const EVERY_JOB_SOURCE = {
  queue: { enabled: true },
  stream: {
    arns: [
      'arn:aws:kinesis:us-east-1:111122223333:stream/jobs',
      'arn:aws:dynamodb:us-east-1:111122223333:table/jobs/stream/2026-01-01T00:00:00.000',
    ],
  },
  schedule: {
    expression: 'cron(0 6 ? * MON-FRI *)',
    timeZone: 'Europe/Berlin',
    input: { echo: 'good morning' },
  },
} satisfies SettingsInput['jobs'];

/** The whole stack, as JSON text for cdktf's matchers. */
export function synthPipeline(input: SettingsInput = MINIMAL): string {
  const app = new App({ outdir: mkdtempSync(path.join(tmpdir(), 'cdktf-')) });
  return Testing.synth(
    new PipelineStack(Testing.fakeCdktfJsonPath(app), 'upload-pipeline', parseSettings(input, 'test'), DIST),
  );
}

/** JSON text of a synth, parsed. */
export const parse = (synthesized: string): Synthesized => JSON.parse(synthesized) as Synthesized;

/** The only resource of its type; fails where there is none or another. */
export function onlyResource(synthesized: string, type: string): Block {
  const blocks = Object.values(parse(synthesized).resource[type] ?? {});
  expect(blocks).toHaveLength(1);
  return blocks[0] ?? {};
}

/** The only resource of its type below a construct of the stack: other units may have more of them. */
export function resourceOf(synthesized: string, type: string, construct: string): Block {
  const found = Object.entries(parse(synthesized).resource[type] ?? {}).filter(([id]) =>
    id.startsWith(`${construct}_`),
  );
  expect(found).toHaveLength(1);
  return found[0]?.[1] ?? {};
}

/** Every statement of every policy in the synthesized JSON, whatever resource it stands in. */
export function statements(synthesized: string): Statement[] {
  return Object.entries(parse(synthesized).resource).flatMap(([type, resources]) =>
    Object.entries(resources).flatMap(([id, block]) =>
      Object.entries(block)
        .filter(([property]) => property === 'policy' || property === 'assume_role_policy')
        .flatMap(([, document]) => {
          const { Statement } = JSON.parse(document as string) as { Statement: Omit<Statement, 'address'>[] };
          return Statement.map((statement) => ({ address: `${type}.${id}`, ...statement }));
        }),
    ),
  );
}
