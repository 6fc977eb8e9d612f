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
  processUpload: { reservedConcurrentExecutions: 50 },
  state: { type: 's3', bucket: 'bench-state', region: 'us-east-1' },
};

const app = new App();
new PipelineStack(app, 'upload-pipeline', parseSettings(settings, 'bench'));
app.synth();
