import { coloursFor } from '../../../tools/lib/terminal';
import { summaryText, thingsToTry } from '../../../tools/local/messages';
import { localPaths } from '../../../tools/machine/paths';
import { describeStop } from '../../../tools/local/stop';

const outputs = {
  upload_bucket: 'upload-pipeline-local-uploads-20261121034101572900000001',
  upload_prefix: 'uploads/',
  processed_prefix: 'processed/',
  failure_queue_url: 'http://127.0.0.1:4566/000000000000/upload-pipeline-local-failures',
  process_upload_function: 'upload-pipeline-local-process-upload',
};
const summary = {
  paths: localPaths('/project'),
  endpoint: 'http://127.0.0.1:4566',
  own: false,
  outputs,
  sample: { uploadedKey: 'uploads/hello.txt', processedKey: 'processed/hello.txt', movedAfterMs: 98 },
  rule: {},
};

describe('summaryText', () => {
  const text = summaryText(summary, coloursFor({ write: () => true }));

  it('fits a terminal of 100 columns', () => {
    expect(text.split('\n').filter((line) => line.length > 100)).toEqual([]);
  });

  it('shows what is deployed and the way of the sample', () => {
    expect(text).toMatch(/engine +http:\/\/127\.0\.0\.1:4566\n/u);
    expect(text).toMatch(/uploaded +uploads\/hello\.txt\n +moved after 98 ms +processed\/hello\.txt\n/u);
  });

  it('says what to change first', () => {
    expect(text).toMatch(
      /Change first\n +handlers\/process-upload\/process\.ts[\s\S]*namePrefix and region/u,
    );
  });

  it('says when the engine is the person’s own', () => {
    expect(summaryText({ ...summary, own: true }, coloursFor({ write: () => true }))).toContain('(your own)');
  });
});

describe('thingsToTry', () => {
  const commandsFor = (changes: Partial<typeof outputs>, rule = {}): string =>
    thingsToTry({ ...outputs, ...changes }, rule)
      .map(([, command]) => command)
      .join('\n');

  it.each([
    ['uploads/', ''],
    ['très-long/', ''],
    ['', '.csv'],
  ])('makes a key of exactly 1,024 bytes under %j ending in %j, so that it fails', (prefix, suffix) => {
    const commands = commandsFor(
      { upload_prefix: prefix, processed_prefix: 'processed-at-last/' },
      { suffix },
    );
    const digits = /printf %0(\d+)d/u.exec(commands)?.[1];

    expect(Buffer.byteLength(prefix + suffix) + Number(digits)).toBe(1024);
  });

  it('does not pretend that a key would be too long where moving makes it shorter', () => {
    expect(commandsFor({ upload_prefix: 'arriving-here/', processed_prefix: 'done/' })).not.toContain(
      'printf',
    );
  });

  it('uploads what the settings have processed, however strange', () => {
    expect(commandsFor({}, { suffix: '.csv' })).toContain('${UPLOAD_PREFIX}README.csv"');
    expect(commandsFor({}, { suffix: `'"$x` })).toContain(String.raw`README'\''\"\$x"`);
  });

  it('goes through the project’s own commands for failures, status and logs', () => {
    for (const name of ['failures', 'status', 'logs'])
      expect(commandsFor({})).toContain(`npm run local -- npm run ${name}`);
  });
});

describe('describeStop', () => {
  it.each([
    [
      { ended: true, deployed: true, own: false },
      'Ended the local engine and forgot what was deployed to it.',
    ],
    [{ ended: false, deployed: false, own: false }, 'Nothing was deployed; no engine was running.'],
    [{ ended: false, deployed: true, own: false }, 'Forgot what was deployed; no engine was running.'],
  ])('says of %j: %s', (stopped, text) => {
    expect(describeStop(stopped)).toBe(text);
  });

  it('leaves an engine of the person’s own', () => {
    expect(describeStop({ ended: false, deployed: true, own: true })).toContain('The engine is your own');
  });
});
