import { existsSync } from 'node:fs';
import { localPaths } from '../../../tools/machine/paths';
import { forgetRecord, readRecord, writeRecord } from '../../../tools/local/record';
import {
  forgetState,
  hasState,
  outputVariables,
  parseOutputs,
  readOutputs,
} from '../../../tools/local/state';
import { temporaryFolder } from './temporary-folder';

const outputs = {
  upload_bucket: 'bucket',
  upload_prefix: 'uploads/',
  processed_prefix: 'processed/',
  failure_queue_url: 'http://127.0.0.1:4566/000000000000/failures',
  process_upload_function: 'process-upload',
};
const stateOf = (values: Record<string, unknown>): string =>
  JSON.stringify({
    version: 4,
    outputs: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, { value, type: 'string' }]),
    ),
  });
const folder = temporaryFolder();

describe('outputs', () => {
  it('are read from Terraform’s state', () => {
    expect(parseOutputs(stateOf({ ...outputs, upload_command: 'aws s3 cp' }))).toEqual(outputs);
  });

  it('are none where one is missing: nothing was deployed completely', () => {
    expect(parseOutputs(stateOf({ ...outputs, failure_queue_url: undefined }))).toBeUndefined();
    expect(parseOutputs('{"version": 4}')).toBeUndefined();
  });

  it.each([undefined, '', '{"version": 4, "outp'])('are none in a state file of %p', async (text) => {
    if (text !== undefined) folder.write('.local/terraform.tfstate', text);

    expect(await readOutputs(localPaths(folder.path))).toBeUndefined();
  });

  it('that only an option brings are read and passed on where they are there', () => {
    const withJobs = { ...outputs, jobs_url: 'http://127.0.0.1:4566/jobs' };

    expect(parseOutputs(stateOf(withJobs))).toEqual(withJobs);
    expect(outputVariables(withJobs)).toMatchObject({ JOBS_URL: 'http://127.0.0.1:4566/jobs' });
  });

  it('become variables of the commands', () => {
    expect(outputVariables(outputs)).toEqual({
      UPLOAD_BUCKET: 'bucket',
      UPLOAD_PREFIX: 'uploads/',
      PROCESSED_PREFIX: 'processed/',
      FAILURE_QUEUE_URL: 'http://127.0.0.1:4566/000000000000/failures',
      PROCESS_UPLOAD_FUNCTION: 'process-upload',
    });
  });
});

describe('forgetState', () => {
  it('removes the state with its backup and lock, and what was synthesized; the installed engine stays', async () => {
    const paths = localPaths(folder.path);
    const gone = [
      'terraform.tfstate',
      'terraform.tfstate.backup',
      '.terraform.tfstate.lock.info',
      'cdktf.out/x',
    ].map((name) => folder.write(`.local/${name}`));
    const kept = folder.write('.local/venv/complete');

    await forgetState(paths);

    expect(gone.filter((file) => existsSync(file))).toEqual([]);
    expect(existsSync(kept)).toBe(true);
    expect(hasState(paths)).toBe(false);
  });

  it('does no harm where there is nothing', async () => {
    await expect(forgetState(localPaths(folder.path))).resolves.toBeUndefined();
  });
});

describe('the record of the engine', () => {
  it('is what was written', async () => {
    const paths = localPaths(folder.path);
    const record = { endpoint: 'http://127.0.0.1:4566', pid: 42, startedAt: '2026-01-01T00:00:00.000Z' };

    await writeRecord(paths, record);

    expect(await readRecord(paths)).toEqual(record);
    await forgetRecord(paths);
    expect(await readRecord(paths)).toBeUndefined();
  });

  it.each(['', '{', '[]', 'null', '{"pid": 42}', '{"endpoint": "http://127.0.0.1:1", "pid": -1}'])(
    'is none where the file holds %p',
    async (text) => {
      folder.write('.local/engine.json', text);

      expect(await readRecord(localPaths(folder.path))).toBeUndefined();
    },
  );
});
