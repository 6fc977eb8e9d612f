import { App } from 'cdktf';
import { loadSettings, SettingsError } from './config/environments';
import { PipelineStack } from './stacks/pipeline-stack';

try {
  const settings = loadSettings(process.env);
  const app = new App();
  new PipelineStack(app, 'upload-pipeline', settings);
  app.synth();
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
