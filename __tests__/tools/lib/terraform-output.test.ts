import { describeChanges, describeLine, parseChanges } from '../../../tools/lib/terraform-output';

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
    expect(parseChanges('Destroy complete! Resources: 14 destroyed.')).toEqual({
      added: 0,
      changed: 0,
      destroyed: 14,
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
    ['aws_s3_bucket.b_1 (uploads/bucket): Refreshing state... [id=x]', 'aws_s3_bucket: refreshing'],
    ['Initializing the backend...', undefined],
  ])('tells from %j where it is', (line, text) => {
    expect(describeLine(line)).toBe(text);
  });
});
