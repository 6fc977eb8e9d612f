import type { SettingsInput } from '../../config/settings';
import { MINIMAL, parse, synthPipeline } from '../support/synth';

interface Statement {
  readonly Action: string[];
  readonly Resource: string[];
}

/** The variables of the sweep, and on what it may do what. */
function sweepOf(settings: Partial<SettingsInput>) {
  const { resource } = parse(synthPipeline({ ...MINIMAL, ...settings }));
  const own = (type: string) =>
    Object.entries(resource[type] ?? {}).flatMap(([id, block]) => (id.startsWith('sweep_') ? [block] : []));
  const [sweep] = own('aws_lambda_function');
  const { variables = {} } = (sweep?.environment ?? {}) as { variables?: Record<string, string> };
  const statements = own('aws_iam_role_policy').flatMap(
    ({ policy }) => (JSON.parse(policy as string) as { Statement: Statement[] }).Statement,
  );
  const may = (action: string): string[] =>
    statements.flatMap(({ Action, Resource }) => (Action.includes(action) ? Resource : []));
  return { name: variables.PROCESS_UPLOAD_FUNCTION_NAME, queue: variables.UPLOAD_QUEUE_URL, may };
}

const QUEUE = /^\$\{aws_sqs_queue\.upload-queue_[^}]*\.(arn|url)\}$/u;

describe('the sweep', () => {
  it('invokes the function itself where no alias is released', () => {
    const { name, queue, may } = sweepOf({});

    expect(name).toMatch(/^\$\{aws_lambda_function\.process-upload[^}]*\}$/u);
    expect(queue).toBeUndefined();
    expect(may('lambda:InvokeFunction')).toEqual([
      expect.stringMatching(/^\$\{aws_lambda_function\.process-upload[^}]*\.arn\}$/u),
    ]);
  });

  it('invokes the alias that is released, and may invoke nothing else', () => {
    const { name, may } = sweepOf({ processUpload: { release: { alias: true } } });

    expect(name).toMatch(/^\$\{aws_lambda_alias\.[^}]*\}:\$\{aws_lambda_alias\.[^}]*\.name\}$/u);
    expect(may('lambda:InvokeFunction')).toEqual([
      expect.stringMatching(/^\$\{aws_lambda_alias\.process-upload_live[^}]*\.arn\}$/u),
    ]);
  });

  it.each([false, true])(
    'sends to the queue with trigger queue and may not go around it; with an alias: %p',
    (alias) => {
      const { name, queue, may } = sweepOf({ trigger: 'queue', processUpload: { release: { alias } } });

      expect(queue).toMatch(QUEUE);
      expect(may('sqs:SendMessage')).toContainEqual(expect.stringMatching(QUEUE));
      expect(may('lambda:InvokeFunction')).toEqual([]);
      // It asks whether the function is stopped.
      expect(name).toContain('process-upload');
      expect(may('lambda:GetFunctionConcurrency')).toHaveLength(1);
    },
  );

  it('may use the key that encrypts the queue', () => {
    const { may } = sweepOf({ trigger: 'queue', encryption: { customerManagedKey: true } });

    expect(may('kms:GenerateDataKey')).toHaveLength(1);
  });
});
