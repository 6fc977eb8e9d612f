import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformStack, Testing, Token } from 'cdktf';
import { Construct } from 'constructs';
import type { AsyncInvokeProps } from '../../../constructs/function/async-invoke';
import { FailureQueue } from '../../../constructs/failures/failure-queue';
import { NodeFunction, type NodeFunctionProps } from '../../../constructs/function/node-function';
import { archivedCode, onlyResource, parse, prebuiltCode, statements } from '../../support/synth';

const PROPS: NodeFunctionProps = {
  functionName: 'test-worker',
  description: 'Works',
  code: prebuiltCode,
  runtime: 'nodejs24.x',
  memorySizeMb: 256,
  timeoutSeconds: 30,
  logRetentionDays: 7,
};

const synth = (
  props: Partial<NodeFunctionProps> = {},
  use: (worker: NodeFunction, scope: Construct) => void = () => undefined,
): string =>
  Testing.synthScope((scope) => {
    use(new NodeFunction(scope, 'worker', { ...PROPS, ...props }), scope);
  });

const synthAsync = (props?: AsyncInvokeProps): string =>
  synth({}, (worker, scope) => {
    worker.onFailure(new FailureQueue(scope, 'failures', { queueName: 'test-failures' }), props);
  });

describe('NodeFunction', () => {
  it('has the runtime, architecture, memory and timeout it is given', () => {
    expect(synth({ architecture: 'x86_64' })).toHaveResourceWithProperties(LambdaFunction, {
      function_name: 'test-worker',
      description: 'Works',
      handler: 'index.handler',
      runtime: 'nodejs24.x',
      architectures: ['x86_64'],
      memory_size: 256,
      timeout: 30,
    });
  });

  it('runs on arm64 unless told otherwise', () => {
    expect(synth()).toHaveResourceWithProperties(LambdaFunction, { architectures: ['arm64'] });
  });

  it('passes its environment and its log level on', () => {
    const synthesized = synth({ environment: { COLOUR: 'red' }, logLevel: 'WARN' });

    expect(synthesized).toHaveResourceWithProperties(LambdaFunction, {
      environment: { variables: { COLOUR: 'red', LOG_LEVEL: 'WARN' } },
    });
  });

  it.each([
    ['DEBUG', 'DEBUG'],
    ['INFO', 'INFO'],
    ['ERROR', 'INFO'],
  ] as const)(
    'at log level %s lets Lambda pass %s lines, so that metrics get through',
    (logLevel, passed) => {
      expect(synth({ logLevel })).toHaveResourceWithProperties(LambdaFunction, {
        logging_config: expect.objectContaining({
          log_format: 'JSON',
          application_log_level: passed,
        }) as unknown,
      });
    },
  );

  it('writes its log as text where it is told to, without levels, which Lambda has for JSON alone', () => {
    expect(onlyResource(synth({ logFormat: 'Text' }), 'aws_lambda_function').logging_config).toEqual({
      log_format: 'Text',
      log_group: expect.stringContaining('aws_cloudwatch_log_group') as unknown,
    });
  });

  it('has the room in /tmp that it is given, and Lambda’s own where nothing is said', () => {
    expect(synth({ ephemeralStorageMb: 10_240 })).toHaveResourceWithProperties(LambdaFunction, {
      ephemeral_storage: { size: 10_240 },
    });
    expect(onlyResource(synth(), 'aws_lambda_function').ephemeral_storage).toBeUndefined();
  });

  it.each([
    [
      { ephemeralStorageMb: 511 },
      'NodeFunction.ephemeralStorageMb: got 511; expected an integer from 512 to 10240.',
    ],
    [{ ephemeralStorageMb: 10_241 }, 'NodeFunction.ephemeralStorageMb: got 10241'],
  ])('refuses %j', (props, message) => {
    expect(() => synth(props)).toThrow(message);
  });

  describe('with many environment variables', () => {
    /** A stack whose function has variables that take this many bytes as JSON. */
    const synthStack = (bytes: number, token = ''): string => {
      const stack = new TerraformStack(Testing.app(), 'test');
      new AwsProvider(stack, 'aws', { region: 'us-east-1' });
      const frame = JSON.stringify({ LONG: '', TOKEN: '', LOG_LEVEL: 'INFO' }).length;
      const environment = { LONG: 'x'.repeat(bytes - frame), TOKEN: token };
      new NodeFunction(stack, 'worker', { ...PROPS, environment });
      return Testing.synth(stack, true);
    };

    it('accepts 4,096 bytes, not counting what is known only at deploy', () => {
      expect(() => synthStack(4096)).not.toThrow();
      expect(() => synthStack(4096, Token.asString({ resolve: () => 'later' }))).not.toThrow();
    });

    it('refuses one byte more, and names the largest', () => {
      expect(() => synthStack(4097)).toThrow(
        /take 4,097 bytes as JSON, the largest is LONG; expected 4,096/u,
      );
    });
  });

  it('has a log group with retention that exists before the function', () => {
    const synthesized = synth();
    const [logGroup] = Object.keys(parse(synthesized).resource.aws_cloudwatch_log_group ?? {});

    expect(synthesized).toHaveResourceWithProperties(CloudwatchLogGroup, {
      name: '/aws/lambda/test-worker',
      retention_in_days: 7,
    });
    // A reference is an order: Terraform creates what is referred to first.
    expect(onlyResource(synthesized, 'aws_lambda_function').logging_config).toMatchObject({
      log_group: `\${aws_cloudwatch_log_group.${logGroup ?? ''}.name}`,
    });
  });

  it('has a role of its own that only Lambda may assume and that may only write its own log', () => {
    const synthesized = synth();

    expect(synthesized).toHaveResourceWithProperties(IamRole, { name: 'test-worker' });
    expect(statements(synthesized)).toEqual([
      expect.objectContaining({
        Effect: 'Allow',
        Principal: { Service: 'lambda.amazonaws.com' },
        Action: ['sts:AssumeRole'],
      }),
      expect.objectContaining({
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: [expect.stringMatching(/^\$\{aws_cloudwatch_log_group\..*\.arn\}:\*$/u)],
      }),
    ]);
  });

  it('is not traced unless told', () => {
    expect(onlyResource(synth(), 'aws_lambda_function').tracing_config).toBeUndefined();
    expect(statements(synth()).map(({ Sid }) => Sid)).not.toContain('Trace');
  });

  it('is traced, with the permission that needs, before it runs', () => {
    const synthesized = synth({ tracing: true });

    expect(synthesized).toHaveResourceWithProperties(LambdaFunction, { tracing_config: { mode: 'Active' } });
    expect(onlyResource(synthesized, 'aws_lambda_function').depends_on).toContainEqual(
      expect.stringContaining('aws_iam_role_policy.worker_trace'),
    );
  });

  it('lets others invoke it and see its concurrency, by permissions on this function alone', () => {
    const synthesized = synth({}, (worker, scope) => {
      const caller = new NodeFunction(scope, 'caller', { ...PROPS, functionName: 'test-caller' });
      worker.grantInvoke(caller);
      worker.grantReadConcurrency(caller);
    });
    const onTheWorker = expect.stringMatching(/^\$\{aws_lambda_function\.worker_.*\.arn\}$/u) as string;
    const given = statements(synthesized).filter(({ address }) => address.includes('.caller_'));

    expect(given).toContainEqual(
      expect.objectContaining({ Action: ['lambda:InvokeFunction'], Resource: [onTheWorker] }),
    );
    expect(given).toContainEqual(
      expect.objectContaining({ Action: ['lambda:GetFunctionConcurrency'], Resource: [onTheWorker] }),
    );
  });

  describe('as a container image', () => {
    const uri = `111122223333.dkr.ecr.us-east-1.amazonaws.com/steps@sha256:${'0'.repeat(64)}`;
    const code = { packaging: 'image', uri } as const;

    it('has neither runtime, handler nor zip', () => {
      const block = onlyResource(synth({ code, architecture: 'x86_64' }), 'aws_lambda_function');

      expect(block).toMatchObject({ package_type: 'Image', image_uri: uri, architectures: ['x86_64'] });
      for (const name of ['runtime', 'handler', 'filename', 'source_code_hash', 'image_config'])
        expect(block).not.toHaveProperty(name);
    });

    it('starts with the entry point and the command that it is given', () => {
      expect(
        synth({ code: { ...code, entryPoint: ['/go'], command: ['index.handler'] } }),
      ).toHaveResourceWithProperties(LambdaFunction, {
        image_config: { entry_point: ['/go'], command: ['index.handler'] },
      });
    });

    it.each([
      { layers: ['arn:aws:lambda:us-east-1:111122223333:layer:a:1'] },
      { codeSigningConfigArn: 'arn' },
    ])('is refused with %j, which Lambda takes for zips alone', (props) => {
      expect(() => synth({ code, ...props })).toThrow('set beside a container image');
    });
  });

  it('with a runtime of its own, lets the zip’s files be executed', () => {
    const [archive] = Object.values(
      parse(synth({ code: archivedCode, runtime: 'provided.al2023' })).data?.archive_file ?? {},
    );

    expect(archive).toMatchObject({ output_file_mode: '0755' });
  });

  describe('packaged by the archive provider', () => {
    it('zips the bundle’s folder with one file mode and takes the hash of the result', () => {
      const synthesized = synth({ code: archivedCode });
      const [archive] = Object.entries(parse(synthesized).data?.archive_file ?? {});
      const address = `data.archive_file.${archive?.[0] ?? ''}`;

      expect(archive?.[1]).toMatchObject({
        type: 'zip',
        source_dir: expect.stringMatching(/^\$\{path\.module\}\/assets\//u) as string,
        output_path: '${path.module}/worker.zip',
        output_file_mode: '0644',
      });
      expect(synthesized).toHaveResourceWithProperties(LambdaFunction, {
        filename: `\${${address}.output_path}`,
        source_code_hash: `\${${address}.output_base64sha256}`,
      });
    });
  });

  describe('packaged by the build', () => {
    it('takes the zip from the stack’s own folder, named by its content, and needs no other provider', () => {
      const synthesized = synth({ code: prebuiltCode });

      expect(onlyResource(synthesized, 'aws_lambda_function')).toMatchObject({
        filename: expect.stringMatching(
          /^\$\{path\.module\}\/assets\/.*\/[0-9A-F]{32}\/process-upload\.zip$/u,
        ) as string,
        source_code_hash: expect.stringMatching(/^[\w+/]{43}=$/u) as string,
      });
      expect(parse(synthesized).data?.archive_file).toBeUndefined();
    });
  });

  describe('reserved concurrency', () => {
    it('is the account’s shared pool where it is left out', () => {
      expect(onlyResource(synth(), 'aws_lambda_function')).not.toHaveProperty(
        'reserved_concurrent_executions',
      );
    });

    it.each([0, 1, 50])('is %p where that is given', (reservedConcurrentExecutions) => {
      expect(synth({ reservedConcurrentExecutions })).toHaveResourceWithProperties(LambdaFunction, {
        reserved_concurrent_executions: reservedConcurrentExecutions,
      });
    });

    it('of 0 is warned of: nothing will run', () => {
      let warnings: string[] = [];
      synth({ reservedConcurrentExecutions: 0 }, (worker) => {
        warnings = worker.node.metadata.map(({ data }) => String(data));
      });

      expect(warnings).toEqual([expect.stringContaining('it will never run')]);
    });

    it.each([-1, 2.5])('of %p is refused with the way out', (reservedConcurrentExecutions) => {
      expect(() => synth({ reservedConcurrentExecutions })).toThrow(
        `NodeFunction.reservedConcurrentExecutions: got ${reservedConcurrentExecutions}; expected an integer of 0 or more, or leave it out for the account's shared pool.`,
      );
    });
  });

  it.each([
    ['memorySizeMb', 127, 'an integer from 128 to 10240'],
    ['memorySizeMb', 10_241, 'an integer from 128 to 10240'],
    ['timeoutSeconds', 0, 'an integer from 1 to 900'],
    ['timeoutSeconds', 901, 'an integer from 1 to 900'],
  ])('refuses %s %p', (property, value, allowed) => {
    expect(() => synth({ [property]: value })).toThrow(
      `NodeFunction.${property}: got ${value}; expected ${allowed}.`,
    );
  });

  it('lets a value pass that is known only at deploy', () => {
    expect(() => synth({ memorySizeMb: Token.asNumber({ resolve: () => '${var.memory}' }) })).not.toThrow();
  });

  describe('grantInvoke', () => {
    const synthPair = (use: (callee: NodeFunction, caller: NodeFunction) => void = () => undefined): string =>
      Testing.synthScope((scope) => {
        const callee = new NodeFunction(scope, 'slow-worker', PROPS);
        const caller = new NodeFunction(scope, 'caller', { ...PROPS, functionName: 'test-caller' });
        callee.grantInvoke(caller);
        use(callee, caller);
      });

    it('lets the caller invoke that one function, and do nothing else', () => {
      const grant = statements(synthPair()).filter(({ Sid }) => Sid === 'Invoke');

      expect(grant).toEqual([
        {
          address: expect.stringContaining('caller_invoke-slow-worker') as string,
          Sid: 'Invoke',
          Effect: 'Allow',
          Action: ['lambda:InvokeFunction'],
          Resource: [expect.stringMatching(/^\$\{aws_lambda_function\.slow-worker_.*\.arn\}$/u)],
        },
      ]);
    });

    it('tells the caller the name, by a reference: the callee is there first', () => {
      expect(synthPair()).toHaveResourceWithProperties(LambdaFunction, {
        function_name: 'test-caller',
        environment: {
          variables: {
            LOG_LEVEL: 'INFO',
            SLOW_WORKER_FUNCTION_NAME: expect.stringMatching(
              /^\$\{aws_lambda_function\.slow-worker_.*\.function_name\}$/u,
            ) as string,
          },
        },
      });
    });

    it('leaves the callee’s own environment alone', () => {
      expect(synthPair()).toHaveResourceWithProperties(LambdaFunction, {
        function_name: 'test-worker',
        environment: { variables: { LOG_LEVEL: 'INFO' } },
      });
    });

    it('is ready only when the permission is there', () => {
      let waitsForPermission = false;
      synthPair((_, caller) => {
        const permission: unknown = caller.node.tryFindChild('invoke-slow-worker');
        waitsForPermission = caller.dependencies.some((prerequisite) => prerequisite === permission);
      });

      expect(waitsForPermission).toBe(true);
    });

    it('refuses to replace a variable', () => {
      expect(() =>
        synthPair((_, caller) => {
          caller.addEnvironment('LOG_LEVEL', 'DEBUG');
        }),
      ).toThrow(
        'NodeFunction.addEnvironment: LOG_LEVEL is set already; expected the name of another variable.',
      );
    });
  });

  describe('onFailure', () => {
    it('sends what fails for good to the queue, after two retries and six hours unless told otherwise', () => {
      expect(synthAsync()).toHaveResourceWithProperties(LambdaFunctionEventInvokeConfig, {
        maximum_retry_attempts: 2,
        maximum_event_age_in_seconds: 21_600,
        destination_config: {
          on_failure: { destination: expect.stringMatching(/^\$\{aws_sqs_queue\..*\.arn\}$/u) as string },
        },
      });
    });

    it.each([
      [0, 60],
      [2, 21_600],
    ])('takes %p retries and an event age of %p s', (maximumRetryAttempts, maximumEventAgeSeconds) => {
      const synthesized = synthAsync({ maximumRetryAttempts, maximumEventAgeSeconds });

      expect(synthesized).toHaveResourceWithProperties(LambdaFunctionEventInvokeConfig, {
        maximum_retry_attempts: maximumRetryAttempts,
        maximum_event_age_in_seconds: maximumEventAgeSeconds,
      });
    });

    it('may send to that queue before the destination is set, because Lambda checks', () => {
      const synthesized = synthAsync();
      const grant = statements(synthesized).find(({ Sid }) => Sid === 'SendFailures');

      expect(grant).toMatchObject({ Effect: 'Allow', Action: ['sqs:SendMessage'] });
      expect(grant?.Resource).toEqual([expect.stringMatching(/^\$\{aws_sqs_queue\..*\.arn\}$/u)]);
      expect(onlyResource(synthesized, 'aws_lambda_function_event_invoke_config').depends_on).toEqual([
        grant?.address,
      ]);
    });

    it.each([
      [
        { maximumRetryAttempts: 3 },
        'onFailure.maximumRetryAttempts: got 3; expected an integer from 0 to 2.',
      ],
      [
        { maximumRetryAttempts: -1 },
        'onFailure.maximumRetryAttempts: got -1; expected an integer from 0 to 2.',
      ],
      [
        { maximumEventAgeSeconds: 59 },
        'onFailure.maximumEventAgeSeconds: got 59; expected an integer from 60 to 21600.',
      ],
      [
        { maximumEventAgeSeconds: 21_601 },
        'onFailure.maximumEventAgeSeconds: got 21601; expected an integer from 60 to 21600.',
      ],
    ])('refuses %p', (props, message) => {
      expect(() => synthAsync(props)).toThrow(message);
    });
  });
});
