import { coloursFor } from '../../../tools/lib/terminal';
import { describeLine, parseChanges } from '../../../tools/local/deploy';
import { describeChanges, summaryText, thingsToTry } from '../../../tools/local/messages';
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

  it('says when the engine is the person’s own', () => {
    expect(summaryText({ ...summary, own: true }, coloursFor({ write: () => true }))).toContain('(your own)');
  });
});

describe('thingsToTry', () => {
  it.each(['uploads/', 'très-long/chemin/'])(
    'makes a key of exactly 1,024 bytes under %s, so that it fails',
    (prefix) => {
      const commands = thingsToTry({ ...outputs, upload_prefix: prefix }).map(([, command]) => command);
      const digits = /printf %0(\d+)d/u.exec(commands.join('\n'))?.[1];

      expect(Buffer.byteLength(prefix) + Number(digits)).toBe(1024);
    },
  );
});

describe('describeChanges', () => {
  it.each([
    [{ added: 16, changed: 0, destroyed: 0 }, '16 added'],
    [{ added: 0, changed: 1, destroyed: 2 }, '1 changed, 2 destroyed'],
    [{ added: 0, changed: 0, destroyed: 0 }, 'nothing to change'],
  ])('says %j as %s', (changes, text) => {
    expect(describeChanges(changes)).toBe(text);
  });
});

describe('what Terraform prints', () => {
  it('is counted at its end', () => {
    expect(parseChanges('Apply complete! Resources: 14 added, 2 changed, 1 destroyed.')).toEqual({
      added: 14,
      changed: 2,
      destroyed: 1,
    });
    expect(parseChanges('Still creating...')).toBeUndefined();
  });

  it.each([
    ['aws_sqs_queue.failures_queue_3D: Still creating... [10s elapsed]', 'aws_sqs_queue: creating'],
    ['\u001b[0m\u001b[1maws_iam_role.role_1 (process-upload/role): Creating...', 'aws_iam_role: creating'],
    [
      'aws_lambda_function.f (process-upload/function): Modifying... [id=x]',
      'aws_lambda_function: modifying',
    ],
    ['Initializing the backend...', undefined],
  ])('tells from %j where it is', (line, text) => {
    expect(describeLine(line)).toBe(text);
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
