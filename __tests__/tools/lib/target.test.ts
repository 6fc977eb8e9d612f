import { findTarget } from '../../../tools/lib/target';

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

  it('must be deployed', async () => {
    await expect(findTarget({}, () => Promise.resolve({}))).rejects.toThrow(
      'The stack has no output process_upload_function',
    );
  });
});
