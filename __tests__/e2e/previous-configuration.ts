import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const FOLDER = path.resolve(__dirname, '..', 'fixtures', 'configurations');

/** The releases whose configurations are kept, the newest last. */
export const RELEASES = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .map((name) => path.basename(name, '.json'))
  .sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));

/**
 * Makes a copy of the project deploy what a release had, with the code of today: which addresses, names and arguments
 * there are is what an upgrade depends on.
 */
export function turnBackTo(release: string, root: string): void {
  cpSync(path.join(FOLDER, `${release}.json`), path.join(root, 'previous.json'));
  writeFileSync(
    path.join(root, 'main.ts'),
    `import { readFileSync } from 'node:fs';
import path from 'node:path';
import { App, TerraformStack } from 'cdktf';

const { AWS_ENDPOINT_URL: endpoint = '', PIPELINE_AWS_PROVIDER_VERSION: version } = process.env;
const text = readFileSync('previous.json', 'utf8')
  .replaceAll('http://127.0.0.1:4566', endpoint)
  .replaceAll(/\\$\\{path\\.module\\}\\/assets\\/[^"]*\\/([\\w-]+\\.zip)/gu, (_, zip) => path.resolve('dist', 'packages', zip));
const { '//': _, terraform, ...previous } = JSON.parse(text);
if (version) terraform.required_providers.aws.version = version;
terraform.backend = { local: { path: '../../../terraform.tfstate' } }; // as \`npm start\` has it
const app = new App();
const stack = new TerraformStack(app, 'upload-pipeline');
for (const [key, value] of Object.entries({ ...previous, terraform })) stack.addOverride(key, value);
app.synth();
`,
  );
}

/** Makes a copy of the project deploy what its sources say again. */
export function turnForward(root: string): void {
  cpSync(path.resolve(__dirname, '..', '..', 'main.ts'), path.join(root, 'main.ts'));
}
