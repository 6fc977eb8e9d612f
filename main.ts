import { App } from 'cdktf';
import { environmentName, loadSettings, SettingsError } from './config/environments';
import { PipelineStack } from './stacks/pipeline-stack';
import { addOutput } from './stacks/shared';

try {
  const settings = loadSettings(process.env);
  const app = new App();
  const stack = new PipelineStack(app, 'upload-pipeline', settings);
  addOutput(stack, 'environment', environmentName(process.env), 'The environment that this is');
  app.synth();
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
