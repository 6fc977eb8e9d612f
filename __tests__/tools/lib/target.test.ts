import { chmodSync } from 'node:fs';
import { findTarget, terraformOutputs } from '../../../tools/lib/target';
import { temporaryFolder } from '../local/temporary-folder';

const VARIABLES = {
  UPLOAD_BUCKET: 'bucket',
  UPLOAD_PREFIX: 'uploads/',
  PROCESSED_PREFIX: 'processed/',
  FAILURE_QUEUE_URL: 'https://queue',
  PROCESS_UPLOAD_FUNCTION: 'acme-dev-process-upload',
};
const OUTPUTS = Object.fromEntries(
  Object.entries(VARIABLES).map(([name, value]) => [name.toLowerCase(), `output ${value}`]),
);
const TARGET = {
  uploadBucket: 'bucket',
  uploadPrefix: 'uploads/',
  processedPrefix: 'processed/',
  formerPrefixes: [],
  failureQueueUrl: 'https://queue',
  processUploadFunction: 'acme-dev-process-upload',
  namePrefix: 'acme-dev',
};
const nothing = () => Promise.reject(new Error('Terraform must not be asked'));

describe('the pipeline that a tool works on', () => {
  it('is what the variables name', async () => {
    await expect(findTarget(VARIABLES, nothing)).resolves.toEqual(TARGET);
  });

  it('may watch the whole bucket: an empty prefix is a prefix', async () => {
    await expect(findTarget({ ...VARIABLES, UPLOAD_PREFIX: '' }, nothing)).resolves.toMatchObject({
      uploadPrefix: '',
    });
  });

  it('is invoked by its alias, which is no part of any other name', async () => {
    const PROCESS_UPLOAD_FUNCTION = 'acme-dev-process-upload:live';

    await expect(findTarget({ ...VARIABLES, PROCESS_UPLOAD_FUNCTION }, nothing)).resolves.toMatchObject({
      processUploadFunction: PROCESS_UPLOAD_FUNCTION,
      namePrefix: 'acme-dev',
    });
  });

  it('may serve former prefixes', async () => {
    const former = [{ upload: 'old/', processed: 'was/' }];

    await expect(
      findTarget({ ...VARIABLES, FORMER_PREFIXES: JSON.stringify(former) }, nothing),
    ).resolves.toMatchObject({ formerPrefixes: former });
    await expect(findTarget({ ...VARIABLES, FORMER_PREFIXES: 'old/' }, nothing)).rejects.toThrow(
      'Former prefixes: got "old/"; expected JSON',
    );
  });

  it('is what Terraform’s outputs tell where no variable is set', async () => {
    await expect(findTarget({}, () => Promise.resolve(OUTPUTS))).resolves.toMatchObject({
      uploadBucket: 'output bucket',
      namePrefix: 'output acme-dev',
    });
  });

  it('is not guessed from half of the variables: two pipelines would be mixed', async () => {
    const { UPLOAD_BUCKET, FAILURE_QUEUE_URL } = VARIABLES;

    await expect(findTarget({ UPLOAD_BUCKET, FAILURE_QUEUE_URL }, nothing)).rejects.toThrow(
      'UPLOAD_BUCKET, FAILURE_QUEUE_URL set, but not UPLOAD_PREFIX, PROCESSED_PREFIX, PROCESS_UPLOAD_FUNCTION',
    );
  });

  it('has every output, or was deployed by an older version', async () => {
    const older = { ...OUTPUTS, process_upload_function: undefined };

    await expect(
      findTarget({}, () => Promise.resolve<Record<string, string | undefined>>(older)),
    ).rejects.toThrow('The stack has no output process_upload_function');
  });

  it('must be deployed: an empty state says how', async () => {
    const env = { npm_lifecycle_event: 'failures' };

    await expect(findTarget(env, () => Promise.resolve({}))).rejects.toThrow(
      /^Nothing is deployed from this folder yet[\s\S]*npm run local -- npm run failures[\s\S]*npm run deploy/u,
    );
  });
});

describe('Terraform’s outputs', () => {
  const folder = temporaryFolder();
  const STACK = 'stacks/upload-pipeline/cdk.tf.json';

  /** A Terraform that prints one output: its own name, arguments, folder and CLI configuration. */
  const install = (name: string): void => {
    const json = `{"told":{"value":"${name} $* in $PWD with $TF_CLI_CONFIG_FILE"}}`;
    chmodSync(folder.write(`bin/${name}`, `#!/bin/sh\necho "${json.replaceAll('"', '\\"')}"\n`), 0o755);
  };
  const outputs = (env: Record<string, string> = {}) =>
    terraformOutputs({ PATH: `${folder.path}/bin:/bin:/usr/bin`, ...env }, folder.path);

  it('say in a fresh clone that nothing is deployed yet, and how', async () => {
    await expect(outputs()).rejects.toThrow(
      /^Nothing is deployed from this folder yet\. \(There is no cdktf\.out[\s\S]*npm start/u,
    );
  });

  it('are read in the folder that cdktf writes', async () => {
    install('terraform');
    folder.write(`cdktf.out/${STACK}`);
    folder.write(`elsewhere/${STACK}`);

    expect((await outputs()).told).toBe(
      `terraform output -json in ${folder.path}/cdktf.out/stacks/upload-pipeline with `,
    );
    expect((await outputs({ CDKTF_OUTPUT: 'elsewhere' })).told).toContain('elsewhere/stacks/upload-pipeline');
  });

  it('are read by the Terraform that cdktf runs, without a configuration that is not there', async () => {
    install('mine');
    folder.write(`cdktf.out/${STACK}`);

    const env = { TERRAFORM_BINARY_NAME: `${folder.path}/bin/mine`, TF_CLI_CONFIG_FILE: '/missing.rc' };

    expect((await outputs(env)).told).toMatch(/^mine output -json in .* with $/u);
  });

  it('need a Terraform', async () => {
    folder.write(`cdktf.out/${STACK}`);

    await expect(outputs({ PATH: '' })).rejects.toThrow('`npm run doctor` fetches it');
  });

  it('come with what Terraform says when they cannot be read', async () => {
    chmodSync(folder.write('bin/terraform', '#!/bin/sh\necho not initialized >&2\nexit 1\n'), 0o755);
    folder.write(`cdktf.out/${STACK}`);

    await expect(outputs()).rejects.toThrow(/not initialized\n[\s\S]*npm run diff/u);
  });
});
