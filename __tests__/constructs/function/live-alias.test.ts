import { LambdaAlias } from '@cdktf/provider-aws/lib/lambda-alias';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import { LambdaProvisionedConcurrencyConfig } from '@cdktf/provider-aws/lib/lambda-provisioned-concurrency-config';
import { S3BucketNotification } from '@cdktf/provider-aws/lib/s3-bucket-notification';
import { Testing } from 'cdktf';
import { FailureQueue } from '../../../constructs/failures/failure-queue';
import type { ReleaseProps } from '../../../constructs/function/live-alias';
import { DirectTrigger } from '../../../constructs/uploads/direct-trigger';
import { OwnBucket } from '../../../constructs/uploads/own-bucket';
import { nodeFunction, PREFIXES } from '../../support/mover';
import { onlyResource, parse } from '../../support/synth';

/** A function that uploads start and whose failures go to a queue. */
const synth = (release?: ReleaseProps): string =>
  Testing.synthScope((scope) => {
    const worker = nodeFunction(scope, 'worker', { reservedConcurrentExecutions: 5, release });
    worker.onFailure(new FailureQueue(scope, 'failures', { queueName: 'test-failures' }));
    const uploads = new OwnBucket(scope, 'uploads', { namePrefix: 'test-' });
    uploads.onUpload(worker, [PREFIXES], new DirectTrigger(uploads));
  });

/** A reference to an attribute of the only resource of a type. */
const attributeOf = (type: string, attribute: string): unknown =>
  expect.stringMatching(new RegExp(`^\\$\\{${type}\\.[^.]+\\.${attribute}\\}$`, 'u'));

describe('a function with releases', () => {
  it('publishes every deployment and points `live` at it', () => {
    const synthesized = synth({});

    expect(synthesized).toHaveResourceWithProperties(LambdaFunction, { publish: true });
    expect(synthesized).toHaveResourceWithProperties(LambdaAlias, {
      name: 'live',
      function_version: attributeOf('aws_lambda_function', 'version'),
    });
    expect(onlyResource(synthesized, 'aws_lambda_alias')).not.toHaveProperty('routing_config');
  });

  it('is started by its alias: notification, permission and failure destination name it', () => {
    const synthesized = synth({});
    const qualifier = attributeOf('aws_lambda_alias', 'name');

    expect(synthesized).toHaveResourceWithProperties(S3BucketNotification, {
      lambda_function: [
        expect.objectContaining({ lambda_function_arn: attributeOf('aws_lambda_alias', 'arn') }) as unknown,
      ],
    });
    expect(synthesized).toHaveResourceWithProperties(LambdaPermission, { qualifier });
    expect(synthesized).toHaveResourceWithProperties(LambdaFunctionEventInvokeConfig, { qualifier });
  });

  it('may still be started itself while the notification moves to the alias, under the same addresses as before', () => {
    for (const type of ['aws_lambda_permission', 'aws_lambda_function_event_invoke_config']) {
      const [before, after] = [synth(), synth({})].map(
        (synthesized) => parse(synthesized).resource[type] ?? {},
      );

      expect(after).toMatchObject(before ?? {});
      expect(Object.keys(after ?? {})).toHaveLength(2);
    }
  });

  it('has a permission of another name than the function’s, for where both stand in one policy', () => {
    const permissions = Object.values(parse(synth({})).resource.aws_lambda_permission ?? {});

    const names = permissions.map(({ statement_id: name, qualifier }) => [qualifier !== undefined, name]);
    expect(new Map(names as [boolean, unknown][])).toEqual(
      new Map([
        [false, 'AllowExecutionFromS3'],
        [true, 'AllowExecutionFromS3Live'],
      ]),
    );
  });

  it('keeps its reserved concurrency, which is the function’s', () => {
    expect(synth({})).toHaveResourceWithProperties(LambdaFunction, { reserved_concurrent_executions: 5 });
  });

  it('deploys without releasing where a version is pinned', () => {
    expect(synth({ version: 4 })).toHaveResourceWithProperties(LambdaAlias, { function_version: '4' });
  });

  it('gives a canary its share', () => {
    expect(synth({ version: 4, canary: { version: 5, weight: 0.1 } })).toHaveResourceWithProperties(
      LambdaAlias,
      {
        function_version: '4',
        routing_config: { additional_version_weights: { 5: 0.1 } },
      },
    );
  });

  it('keeps executions ready at the alias', () => {
    expect(synth({ provisionedConcurrentExecutions: 2 })).toHaveResourceWithProperties(
      LambdaProvisionedConcurrencyConfig,
      { qualifier: attributeOf('aws_lambda_alias', 'name'), provisioned_concurrent_executions: 2 },
    );
    expect(synth({})).not.toHaveResource(LambdaProvisionedConcurrencyConfig);
  });

  it.each([
    [{ version: 0 }, 'LiveAlias.version: got 0; expected an integer of 1 or more.'],
    [{ canary: { version: 1.5, weight: 0.1 } }, 'LiveAlias.canary.version: got 1.5;'],
    [
      { canary: { version: 2, weight: 1 } },
      'LiveAlias.canary.weight: got 1; expected a share of more than 0',
    ],
    [{ canary: { version: 2, weight: 0 } }, 'LiveAlias.canary.weight: got 0;'],
    [
      { version: 2, canary: { version: 2, weight: 0.5 } },
      'LiveAlias.canary.version: got 2, which is the version too',
    ],
    [
      { provisionedConcurrentExecutions: 1, canary: { version: 2, weight: 0.5 } },
      'LiveAlias.provisionedConcurrentExecutions: got 1 with a canary; expected one of the two',
    ],
    [{ provisionedConcurrentExecutions: 0 }, 'LiveAlias.provisionedConcurrentExecutions: got 0;'],
  ])('refuses %j', (release, message) => {
    expect(() => synth(release)).toThrow(message);
  });
});

describe('a function without releases', () => {
  it('is started itself, and publishes nothing', () => {
    const synthesized = synth();
    const { resource } = parse(synthesized);

    expect(resource.aws_lambda_alias).toBeUndefined();
    expect(onlyResource(synthesized, 'aws_lambda_function')).not.toHaveProperty('publish');
    expect(onlyResource(synthesized, 'aws_lambda_permission')).not.toHaveProperty('qualifier');
    expect(onlyResource(synthesized, 'aws_lambda_function_event_invoke_config')).not.toHaveProperty(
      'qualifier',
    );
    expect(synthesized).toHaveResourceWithProperties(S3BucketNotification, {
      lambda_function: [
        expect.objectContaining({
          lambda_function_arn: attributeOf('aws_lambda_function', 'arn'),
        }) as unknown,
      ],
    });
  });
});
