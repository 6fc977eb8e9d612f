import { App } from 'cdktf';
import { parseSettings } from '../../config/environments';
import { PipelineStack } from '../../stacks/pipeline-stack';

/** What the reference in aws-cdk-lib has, and the functions `caller` and `invoked`, which the stack always has. */
const settings = parseSettings(
  {
    namePrefix: 'bench',
    bucket: { processedExpirationDays: 365 },
    processUpload: { reservedConcurrentExecutions: 50 },
    health: { enabled: false },
    sweep: { enabled: false },
    state: { type: 'local', path: 'bench.tfstate' },
  },
  'bench',
);

const app = new App();
new PipelineStack(app, 'upload-pipeline', settings);
app.synth();
