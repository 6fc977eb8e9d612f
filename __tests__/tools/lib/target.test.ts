import { parseSettings } from '../../../config/environments';
import type { Chosen } from '../../../tools/lib/choose-environment';
import { targetOf } from '../../../tools/lib/target';

const VARIABLES = {
  UPLOAD_BUCKET: 'bucket',
  UPLOAD_PREFIX: 'uploads/',
  PROCESSED_PREFIX: 'processed/',
  FAILURE_QUEUE_URL: 'https://queue',
  PROCESS_UPLOAD_FUNCTION: 'acme-dev-process-upload',
};
const OUTPUTS = Object.fromEntries(
  Object.entries(VARIABLES).map(([name, value]) => [name.toLowerCase(), value]),
);
const TARGET = {
  uploadBucket: 'bucket',
  uploadPrefix: 'uploads/',
  processedPrefix: 'processed/',
  formerPrefixes: [],
  furtherPipelines: [],
  failureQueueUrl: 'https://queue',
  processUploadFunction: 'acme-dev-process-upload',
  namePrefix: 'acme-dev',
};
const dev = (env: Chosen['env'] = {}): Chosen => ({
  name: 'dev',
  settings: parseSettings({ namePrefix: 'acme-dev' }, 'dev'),
  env,
});

describe('the pipeline that a tool works on', () => {
  it('is what the variables name', () => {
    expect(targetOf(dev(VARIABLES), undefined)).toEqual(TARGET);
  });

  it('may watch the whole bucket: an empty prefix is a prefix', () => {
    expect(targetOf(dev({ ...VARIABLES, UPLOAD_PREFIX: '' }), undefined).uploadPrefix).toBe('');
  });

  it('is invoked by its alias, which is no part of any other name', () => {
    const PROCESS_UPLOAD_FUNCTION = 'acme-dev-process-upload:live';

    expect(targetOf(dev({ ...VARIABLES, PROCESS_UPLOAD_FUNCTION }), undefined)).toMatchObject({
      processUploadFunction: PROCESS_UPLOAD_FUNCTION,
      namePrefix: 'acme-dev',
    });
  });

  it('may serve former prefixes', () => {
    const former = [{ upload: 'old/', processed: 'was/' }];

    expect(
      targetOf(dev({ ...VARIABLES, FORMER_PREFIXES: JSON.stringify(former) }), undefined).formerPrefixes,
    ).toEqual(former);
    expect(() => targetOf(dev({ ...VARIABLES, FORMER_PREFIXES: 'old/' }), undefined)).toThrow(
      'Former prefixes: got "old/"; expected JSON',
    );
  });

  it('is what the state of the environment tells where no variable is set', () => {
    expect(targetOf(dev(), { ...OUTPUTS, environment: 'dev' })).toEqual(TARGET);
  });

  it('is not guessed from half of the variables: two pipelines would be mixed', () => {
    const { UPLOAD_BUCKET, FAILURE_QUEUE_URL } = VARIABLES;

    expect(() => targetOf(dev({ UPLOAD_BUCKET, FAILURE_QUEUE_URL }), OUTPUTS)).toThrow(
      'UPLOAD_BUCKET, FAILURE_QUEUE_URL set, but not UPLOAD_PREFIX, PROCESSED_PREFIX, PROCESS_UPLOAD_FUNCTION',
    );
  });

  it('is not the one of the variables where they name another environment', () => {
    const PROCESS_UPLOAD_FUNCTION = 'acme-prod-process-upload';

    expect(() => targetOf(dev({ ...VARIABLES, PROCESS_UPLOAD_FUNCTION }), undefined)).toThrow(
      'PROCESS_UPLOAD_FUNCTION: got "acme-prod-process-upload", but the names of environment dev start with "acme-dev-"',
    );
  });

  it('is not the one of a state that holds another environment', () => {
    expect(() => targetOf(dev(), { ...OUTPUTS, environment: 'prod' })).toThrow(
      'The state of environment dev holds environment prod: two environments share a state.',
    );
  });

  it('has every output, or was deployed by an older version', () => {
    expect(() => targetOf(dev(), { ...OUTPUTS, process_upload_function: undefined })).toThrow(
      'The stack has no output process_upload_function',
    );
  });

  it.each([undefined, {}])('must be deployed: the state %j says how', (outputs) => {
    expect(() => targetOf(dev({ npm_lifecycle_event: 'failures' }), outputs)).toThrow(
      /^Environment dev is not deployed[\s\S]*npm run local -- npm run failures[\s\S]*npm run deploy -- --env dev[\s\S]*npm run failures -- --env NAME/u,
    );
  });
});
