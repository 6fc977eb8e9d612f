import { TerraformStack, Testing } from 'cdktf';
import { FailureQueue } from '../../../constructs/failures/failure-queue';
import { DirectTrigger } from '../../../constructs/uploads/direct-trigger';
import { QueueTrigger } from '../../../constructs/uploads/queue-trigger';
import { OwnBucket } from '../../../constructs/uploads/own-bucket';
import { UploadPipeline } from '../../../constructs/uploads/upload-pipeline';
import { addFunctionOutputs } from '../../../stacks/derived';
import { nodeFunction, PREFIXES } from '../../support/mover';
import { onlyResource, parse, statements } from '../../support/synth';

const INVOICES = { upload: 'invoices/', processed: 'invoices-done/' };

/** Two pipelines in one bucket: the first by S3 alone and swept, the second by a queue. */
const synthTwo = (then: (stack: TerraformStack) => void = () => undefined): string =>
  Testing.synthScope((scope) => {
    const failures = new FailureQueue(scope, 'failures', { queueName: 'test-failures' });
    const uploads = new OwnBucket(scope, 'uploads', { namePrefix: 'test-uploads-' });
    const [mover, sweep, invoices] = ['mover', 'sweep', 'invoices'].map((id) => {
      const made = nodeFunction(scope, id);
      made.onFailure(failures);
      return made;
    });
    if (!mover || !sweep || !invoices) throw new Error('three functions');
    new UploadPipeline(scope, 'first', {
      uploads,
      prefixes: PREFIXES,
      mover,
      trigger: new DirectTrigger(mover),
      sweep: { handler: sweep, everyMinutes: 30, noteKey: '.note', moverVariable: 'MOVER' },
    });
    new UploadPipeline(scope, 'second', {
      uploads,
      prefixes: INVOICES,
      mover: invoices,
      trigger: new QueueTrigger(scope, 'invoice-queue', { queueName: 'test-invoices', failures }),
    });
    then(TerraformStack.of(scope));
  });

const synthesized = synthTwo();

/** What a function may do with objects, and where. */
const mayMove = (id: string): unknown[] =>
  statements(synthesized)
    .filter(({ address }) => address.startsWith(`aws_iam_role_policy.${id}_move-uploads`))
    .flatMap(({ Resource = [] }) => Resource)
    .map((resource) => resource.replace(/^\$\{.*\}/u, ''));

describe('two UploadPipelines of one bucket', () => {
  it('share its one notification, each by its own way', () => {
    expect(onlyResource(synthesized, 'aws_s3_bucket_notification')).toMatchObject({
      lambda_function: [{ filter_prefix: 'uploads/' }],
      queue: [{ filter_prefix: 'invoices/' }],
    });
  });

  it('let each function move its own uploads and no others', () => {
    expect(mayMove('mover')).toEqual(['', '/uploads/*', '/processed/*']);
    expect(mayMove('invoices')).toEqual(['', '/invoices/*', '/invoices-done/*']);
  });

  it('are told apart in an output, which tools read', () => {
    const { output = {} } = parse(synthTwo(addFunctionOutputs));
    const { value = '' } = output.further_pipelines ?? {};
    const json = /^\$\{jsonencode\(([^]*)\)\}$/u.exec(value as string)?.[1] ?? '';

    expect(json).toContain('"upload" = "invoices/"');
    expect(json).toContain('"processed" = "invoices-done/"');
    expect(json).toContain('"function" = aws_lambda_function.invoices');
    expect(json).not.toContain('"uploads/"');
  });

  it('are swept as each says', () => {
    expect(onlyResource(synthesized, 'aws_cloudwatch_event_rule')).toMatchObject({
      name: 'test-sweep',
      schedule_expression: 'rate(30 minutes)',
    });
    expect(Object.keys(parse(synthesized).resource.aws_iam_role_policy ?? {}).join()).toContain(
      'sweep_invoke-mover_',
    );
  });
});

describe('UploadPipeline', () => {
  it('refuses a mover whose failures go nowhere', () => {
    expect(() =>
      Testing.synthScope((scope) => {
        const mover = nodeFunction(scope);
        new UploadPipeline(scope, 'first', {
          uploads: new OwnBucket(scope, 'uploads', { namePrefix: 'test-uploads-' }),
          prefixes: PREFIXES,
          mover,
          trigger: new DirectTrigger(mover),
        });
      }),
    ).toThrow('UploadPipeline.mover: test-mover has no failure destination');
  });
});
