import { App } from 'cdktf';
import { parseSettings } from '../../config/environments';
import type { SettingsInput } from '../../config/settings';
import { PipelineStack } from '../../stacks/pipeline-stack';

/** The stack as large as it gets. */
const settings: SettingsInput = {
  namePrefix: 'bench',
  tags: { project: 'upload-pipeline', environment: 'bench' },
  packaging: 'archive',
  bucket: {
    name: 'bench-uploads',
    abortIncompleteMultipartDays: 7,
    noncurrentVersionDays: 90,
    processedExpirationDays: 365,
  },
  trigger: 'queue',
  encryption: { customerManagedKey: true },
  functions: { tracing: true },
  processUpload: { reservedConcurrentExecutions: 50, release: { alias: true } },
  caller: { release: { alias: true } },
  invoked: { reservedConcurrentExecutions: 50, release: { alias: true, provisionedConcurrentExecutions: 1 } },
  endpoint: { enabled: true },
  jobs: {
    queue: { enabled: true, fifo: true },
    stream: { arns: ['arn:aws:kinesis:us-east-1:111122223333:stream/jobs'] },
    schedule: { expression: 'rate(1 hour)' },
    idempotency: { enabled: true },
  },
  health: { emails: ['us@example.com'] },
  vpc: {
    vpcId: 'vpc-0123456789abcdef0',
    subnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
    routeTableIds: ['rtb-0123456789abcdef0'],
    logsEndpoint: true,
  },
  github: { repository: 'us/ours', environment: 'bench' },
  state: { type: 's3', bucket: 'bench-state', region: 'us-east-1' },
};

const app = new App();
new PipelineStack(app, 'upload-pipeline', parseSettings(settings, 'bench'));
app.synth();
