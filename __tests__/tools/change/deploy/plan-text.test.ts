import { condensePlan } from '../../../../tools/change/deploy/plan-text';

const LEGEND = `Terraform will perform the following actions:
`;

const CREATED = `  # aws_s3_bucket.uploads_1 (uploads/bucket) will be created
  + resource "aws_s3_bucket" "uploads_1" {
      + arn    = (known after apply)
      + nested {
          + id = "x"
        }
    }
`;

const DESTROYED = `  # aws_sqs_queue.failures_2 (failures/queue) will be destroyed
  # (because aws_sqs_queue.failures_2 is not in configuration)
  - resource "aws_sqs_queue" "failures_2" {
      - name = "failures" -> null
    }
`;

const CHANGED = `  # aws_lambda_function.f_3 (f/function) will be updated in-place
  ~ resource "aws_lambda_function" "f_3" {
      ~ memory_size = 128 -> 256
    }
`;

const REPLACED = `  # aws_sqs_queue.q_4 (q/queue) must be replaced
-/+ resource "aws_sqs_queue" "q_4" {
      ~ name = "a" -> "b" # forces replacement
    }
`;

const SUMMARY = 'Plan: 2 to add, 1 to change, 2 to destroy.';

describe('condensePlan', () => {
  it('tells in one line each what is created and what is destroyed', () => {
    expect(condensePlan([LEGEND, CREATED, CREATED, DESTROYED, SUMMARY].join('\n'))).toBe(
      `${LEGEND}
  + aws_s3_bucket.uploads_1 (uploads/bucket)
  + aws_s3_bucket.uploads_1 (uploads/bucket)
  - aws_sqs_queue.failures_2 (failures/queue)

${SUMMARY}`,
    );
  });

  it('tells whole what is changed or replaced, and what it does not know', () => {
    const plan = [LEGEND, CHANGED, REPLACED, 'Warning: something new', SUMMARY].join('\n');

    expect(condensePlan(plan)).toBe(plan);
  });

  it('drops nothing behind a resource that is one line', () => {
    expect(condensePlan([CREATED, CHANGED, SUMMARY].join('\n'))).toBe(
      `+ aws_s3_bucket.uploads_1 (uploads/bucket)\n\n${CHANGED}\n${SUMMARY}`,
    );
  });
});
