import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { SettingsInput } from '../../config/settings';

/** Every setting that makes a resource, or an argument of one, that the environment `local` leaves out. */
const SETTINGS: SettingsInput = {
  namePrefix: 'every-option',
  tags: { project: 'upload-pipeline', environment: 'test' },
  packaging: 'prebuilt', // `archive` needs a second provider, which not every mirror holds
  onExisting: 'keepBoth',
  prefixes: { upload: 'in/', processed: 'done/' },
  failureRetentionDays: 1,
  bucket: {
    name: 'every-option-on',
    versioning: true,
    forceDestroy: true,
    abortIncompleteMultipartDays: 1,
    noncurrentVersionDays: 2,
    processedExpirationDays: 3,
  },
  functions: { runtime: 'nodejs22.x', architecture: 'x86_64', logRetentionDays: 1, tracing: true },
  processUpload: {
    memorySizeMb: 256,
    timeoutSeconds: 60,
    logLevel: 'DEBUG',
    reservedConcurrentExecutions: 5,
    maximumRetryAttempts: 1,
    maximumEventAgeSeconds: 60,
    release: { alias: true },
  },
  encryption: { customerManagedKey: true, keyDeletionWindowDays: 7 },
  github: { repository: 'us/ours', environment: 'test' },
  caller: { memorySizeMb: 128, timeoutSeconds: 20, reservedConcurrentExecutions: 2 },
  invoked: { logLevel: 'ERROR', reservedConcurrentExecutions: 3, maximumRetryAttempts: 0, onSuccess: true },
  endpoint: { enabled: true, authorization: 'none', throttlingRateLimit: 5, throttlingBurstLimit: 7 },
  sweep: { everyMinutes: 30, olderThanMinutes: 5, maximumPerSecond: 10, timeoutSeconds: 60 },
  health: {
    emails: ['us@example.com'],
    failureQueueAgeHours: 12,
    savedQueries: false, // the engine does not know PutQueryDefinition
  },
  state: { type: 'local', path: '.local/terraform.tfstate' },
};

/**
 * What a second plan changes on the engine although nothing changed, by resource type, and why. On AWS it does
 * not. The list is kept short by a test: what drifts must stand here, and what stands here must drift.
 */
export const DRIFTS: Readonly<Record<string, string>> = {
  aws_cloudwatch_metric_alarm: 'the engine tells alarms without what it does not evaluate',
};

/** Makes a copy of the project deploy every option on. */
export function turnEveryOptionOn(root: string): void {
  writeFileSync(
    path.join(root, 'main.ts'),
    `import { App } from 'cdktf';
import { parseSettings } from './config/environments';
import { PipelineStack } from './stacks/pipeline-stack';

const { AWS_ENDPOINT_URL: localEndpoint, PIPELINE_AWS_PROVIDER_VERSION: version } = process.env;
const settings = ${JSON.stringify(SETTINGS)};
const app = new App();
new PipelineStack(app, 'upload-pipeline', parseSettings({ ...settings, awsProvider: { version, localEndpoint } }, 'every option'));
app.synth();
`,
  );
}
