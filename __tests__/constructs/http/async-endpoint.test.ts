import { ApiGatewayDeployment } from '@cdktf/provider-aws/lib/api-gateway-deployment';
import { ApiGatewayGatewayResponse } from '@cdktf/provider-aws/lib/api-gateway-gateway-response';
import { ApiGatewayIntegration } from '@cdktf/provider-aws/lib/api-gateway-integration';
import { ApiGatewayIntegrationResponse } from '@cdktf/provider-aws/lib/api-gateway-integration-response';
import { ApiGatewayMethodResponse } from '@cdktf/provider-aws/lib/api-gateway-method-response';
import { ApiGatewayMethodSettings } from '@cdktf/provider-aws/lib/api-gateway-method-settings';
import { ApiGatewayModel } from '@cdktf/provider-aws/lib/api-gateway-model';
import { ApiGatewayRequestValidator } from '@cdktf/provider-aws/lib/api-gateway-request-validator';
import { ApiGatewayStage } from '@cdktf/provider-aws/lib/api-gateway-stage';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { Testing } from 'cdktf';
import { AsyncEndpoint, type AsyncEndpointProps } from '../../../constructs/http/async-endpoint';
import { FailureQueue } from '../../../constructs/failures/failure-queue';
import { nodeFunction } from '../../support/mover';
import { onlyResource, parse, statements, type Block } from '../../support/synth';

const SCHEMA = { type: 'object', properties: { n: { type: 'integer' } } };

const PROPS: Omit<AsyncEndpointProps, 'handler'> = {
  name: 'test-jobs',
  requestSchema: SCHEMA,
  throttlingRateLimit: 10,
  throttlingBurstLimit: 20,
  logRetentionDays: 7,
};

const synth = (
  props: Partial<AsyncEndpointProps> = {},
  { memorySizeMb = 256, use }: { memorySizeMb?: number; use?: (endpoint: AsyncEndpoint) => void } = {},
): string =>
  Testing.synthScope((scope) => {
    const handler = nodeFunction(scope, 'worker', { memorySizeMb });
    handler.onFailure(new FailureQueue(scope, 'failures', { queueName: 'test-failures' }));
    const endpoint = new AsyncEndpoint(scope, 'jobs', { ...PROPS, handler, ...props });
    use?.(endpoint);
  });

/** The blocks of a type whose id names a route: `post-jobs` or `post-jobs-sync`. */
const ofRoute = (synthesized: string, type: string, route: string): Block[] =>
  Object.entries(parse(synthesized).resource[type] ?? {})
    .filter(([id]) => id.includes(`_${route}_`))
    .map(([, block]) => block);

const definitionHash = (synthesized: string): unknown =>
  (onlyResource(synthesized, 'aws_api_gateway_deployment').triggers as Record<string, string>).definition;

describe('AsyncEndpoint', () => {
  describe('POST /jobs', () => {
    it('has Lambda queue the job: a custom integration whose header makes it an event', () => {
      const synthesized = synth();
      const [integration] = ofRoute(synthesized, 'aws_api_gateway_integration', 'post-jobs');

      expect(integration).toMatchObject({
        type: 'AWS',
        http_method: expect.stringContaining('http_method') as string,
        integration_http_method: 'POST',
        uri: expect.stringMatching(/^\$\{aws_lambda_function\.worker_.*\.invoke_arn\}$/u) as string,
        request_parameters: { 'integration.request.header.X-Amz-Invocation-Type': "'Event'" },
        request_templates: { 'application/json': "$input.json('$')" },
        passthrough_behavior: 'NEVER',
      });
    });

    it('answers 202 with the job’s id', () => {
      const synthesized = synth();
      const [method] = ofRoute(synthesized, 'aws_api_gateway_method_response', 'post-jobs');
      const responses = ofRoute(synthesized, 'aws_api_gateway_integration_response', 'post-jobs');

      expect(method).toMatchObject({ status_code: '202' });
      expect(responses).toEqual([
        expect.objectContaining({
          status_code: expect.stringMatching(/response-202_.*\.status_code\}$/u) as string,
          response_templates: { 'application/json': '{"jobId": "$context.requestId"}' },
        }),
      ]);
      expect(responses[0]).not.toHaveProperty('selection_pattern');
    });
  });

  describe('POST /jobs/sync', () => {
    it('waits for the function, as long as a REST API may', () => {
      const [integration] = ofRoute(synth(), 'aws_api_gateway_integration', 'post-jobs-sync');

      expect(integration).toMatchObject({
        type: 'AWS',
        request_parameters: { 'integration.request.header.X-Amz-Invocation-Type': "'RequestResponse'" },
        timeout_milliseconds: 29_000,
      });
    });

    it('answers 200 with what the function answered', () => {
      expect(synth()).toHaveResourceWithProperties(ApiGatewayMethodResponse, { status_code: '200' });
      expect(synth()).toHaveResourceWithProperties(ApiGatewayIntegrationResponse, {
        response_templates: { 'application/json': "$input.json('$')" },
      });
    });

    it('answers 502 when the function failed, whatever its message, with message, type and request id', () => {
      const failed = ofRoute(synth(), 'aws_api_gateway_integration_response', 'post-jobs-sync').find(
        ({ selection_pattern }) => selection_pattern !== undefined,
      );
      const pattern = new RegExp(`^${failed?.selection_pattern as string}$`, 'u');
      const template = (failed?.response_templates as Record<string, string>)['application/json'] ?? '';

      expect('one line').toMatch(pattern);
      expect('more\nthan one').toMatch(pattern);
      expect(synth()).toHaveResourceWithProperties(ApiGatewayMethodResponse, { status_code: '502' });
      // As API Gateway fills it in.
      const body: unknown = JSON.parse(
        template
          .replace("$input.json('$.errorMessage')", '"boo"')
          .replace("$input.json('$.errorType')", '"Error"')
          .replace('$context.requestId', 'r'),
      );
      expect(body).toEqual({ message: 'boo', errorType: 'Error', requestId: 'r' });
    });
  });

  it('validates the body of both against the schema', () => {
    const synthesized = synth();
    const methods = Object.values(parse(synthesized).resource.aws_api_gateway_method ?? {});

    expect(synthesized).toHaveResourceWithProperties(ApiGatewayRequestValidator, {
      validate_request_body: true,
    });
    expect(synthesized).toHaveResourceWithProperties(ApiGatewayModel, {
      content_type: 'application/json',
      schema: JSON.stringify(SCHEMA),
    });
    expect(methods).toHaveLength(2);
    for (const method of methods) {
      expect(method).toMatchObject({
        http_method: 'POST',
        authorization: 'AWS_IAM',
        request_validator_id: expect.stringContaining('aws_api_gateway_request_validator') as string,
        request_models: {
          'application/json': expect.stringContaining('aws_api_gateway_model') as string,
        },
      });
    }
  });

  it('names the field in the answer to an invalid body', () => {
    expect(synth()).toHaveResourceWithProperties(ApiGatewayGatewayResponse, {
      response_type: 'BAD_REQUEST_BODY',
      status_code: '400',
      response_templates: {
        'application/json': expect.stringContaining('$context.error.validationErrorString') as string,
      },
    });
  });

  it.each(['DEFAULT_4XX', 'DEFAULT_5XX'])('leaves the status of every %s answer as it is', (responseType) => {
    const response = Object.values(parse(synth()).resource.aws_api_gateway_gateway_response ?? {}).find(
      ({ response_type }) => response_type === responseType,
    );

    expect(response).toBeDefined();
    expect(response).not.toHaveProperty('status_code');
  });

  it('invokes under a role that only API Gateway may assume and that may invoke this one function', () => {
    const own = statements(synth()).filter(({ address }) => address.includes('jobs_'));

    expect(own).toEqual([
      expect.objectContaining({
        Effect: 'Allow',
        Principal: { Service: 'apigateway.amazonaws.com' },
        Action: ['sts:AssumeRole'],
      }),
      expect.objectContaining({
        Effect: 'Allow',
        Action: ['lambda:InvokeFunction'],
        Resource: [expect.stringMatching(/^\$\{aws_lambda_function\.worker_.*\.arn\}$/u)],
      }),
    ]);
    const integrations = Object.values(parse(synth()).resource.aws_api_gateway_integration ?? {});
    expect(integrations).toHaveLength(2);
    for (const { credentials } of integrations) {
      expect(credentials).toMatch(/^\$\{aws_iam_role\.jobs_role_.*\.arn\}$/u);
    }
  });

  it('throttles both paths, and writes an access log line a request as JSON, and traces', () => {
    const synthesized = synth({ throttlingRateLimit: 3, throttlingBurstLimit: 5 });
    const { access_log_settings } = onlyResource(synthesized, 'aws_api_gateway_stage');

    expect(synthesized).toHaveResourceWithProperties(ApiGatewayMethodSettings, {
      method_path: '*/*',
      settings: expect.objectContaining({ throttling_rate_limit: 3, throttling_burst_limit: 5 }) as object,
    });
    expect(synthesized).toHaveResourceWithProperties(ApiGatewayStage, { xray_tracing_enabled: false });
    expect(synthesized).toHaveResourceWithProperties(CloudwatchLogGroup, {
      name: '/aws/apigateway/test-jobs',
      retention_in_days: 7,
    });
    const { format, destination_arn } = access_log_settings as Record<string, string>;
    expect(JSON.parse(format ?? '')).toMatchObject({
      requestId: '$context.requestId',
      status: '$context.status',
    });
    expect(destination_arn).toMatch(/^\$\{aws_cloudwatch_log_group\.jobs_logs_.*\.arn\}$/u);
  });

  describe('a deployment', () => {
    it('comes before the one it replaces goes, and after all that it publishes and all that a job needs', () => {
      const synthesized = synth();
      const { depends_on } = onlyResource(synthesized, 'aws_api_gateway_deployment');
      const published = Object.entries(parse(synthesized).resource)
        .filter(([type]) => type.startsWith('aws_api_gateway_'))
        .filter(([type]) => !/_(deployment|stage|method_settings)$/u.test(type))
        .flatMap(([type, blocks]) => Object.keys(blocks).map((id) => `${type}.${id}`));

      expect(synthesized).toHaveResourceWithProperties(ApiGatewayDeployment, {
        lifecycle: { create_before_destroy: true },
      });
      expect(depends_on).toEqual(expect.arrayContaining(published));
      expect(depends_on).toContainEqual(
        expect.stringContaining('aws_iam_role_policy.jobs_role_invoke-worker'),
      );
      expect(depends_on).toContainEqual(
        expect.stringContaining('aws_lambda_function_event_invoke_config.worker_async'),
      );
    });

    it('takes a schema as far as what fits it can be kept, to the byte', () => {
      const requestSchema = { type: 'string', maxLength: 10 };
      const template = `{"id": "$context.requestId", "job": $input.json('$')}`;
      const largest = JSON.stringify('\u0001'.repeat(10));
      const bytes = `{"id": "${'x'.repeat(36)}", "job": ${largest}}`.length;
      const withLimit = (maxEventBytes: number) => () =>
        synth({ requestSchema, requestTemplate: template, maxEventBytes });

      expect(withLimit(bytes)).not.toThrow();
      expect(withLimit(bytes - 1)).toThrow(
        `AsyncEndpoint.requestSchema: a job that fits it may take ${bytes} bytes with its envelope; expected ${bytes - 1} at most`,
      );
      expect(() => synth({ requestSchema: {}, maxEventBytes: bytes })).toThrow('any size fits');
    });

    it.each([
      ['the schema', { requestSchema: { type: 'array' } }],
      ['the template', { requestTemplate: '{}' }],
      ['the authorization', { authorization: 'none' as const }],
    ])('is new when %s is another', (_, props) => {
      expect(definitionHash(synth(props))).not.toBe(definitionHash(synth()));
    });

    it.each([
      ['nothing', {}, {}],
      ['the throttling', { throttlingRateLimit: 11 }, {}],
      ['the retention of the logs', { logRetentionDays: 14 }, {}],
      ['the function', {}, { memorySizeMb: 512 }],
    ])('is the same when %s is another', (_, props, options) => {
      expect(definitionHash(synth(props, options))).toBe(definitionHash(synth()));
      expect(definitionHash(synth())).toMatch(/^[0-9a-f]{64}$/u);
    });
  });

  it('of authorization none is open, and warned of', () => {
    let warnings: string[] = [];
    const synthesized = synth(
      { authorization: 'none' },
      {
        use: (endpoint) => {
          warnings = endpoint.node.metadata.map(({ data }) => String(data));
        },
      },
    );

    expect(
      Object.values(parse(synthesized).resource.aws_api_gateway_method ?? {}).map(
        ({ authorization }) => authorization,
      ),
    ).toEqual(['NONE', 'NONE']);
    expect(warnings).toEqual([expect.stringContaining('anyone on the internet')]);
  });

  it('is not warned of by default', () => {
    let warnings: unknown[] = ['not looked at'];
    synth(
      {},
      {
        use: ({ node }) => {
          warnings = node.metadata;
        },
      },
    );

    expect(warnings).toEqual([]);
  });

  it.each([
    ['throttlingRateLimit', 0, 'an integer from 1 to 10000'],
    ['throttlingRateLimit', 10_001, 'an integer from 1 to 10000'],
    ['throttlingBurstLimit', 0, 'an integer from 1 to 5000'],
    ['throttlingBurstLimit', 5_001, 'an integer from 1 to 5000'],
  ])('refuses %s %p', (property, value, allowed) => {
    expect(() => synth({ [property]: value })).toThrow(
      `AsyncEndpoint.${property}: got ${value}; expected ${allowed}.`,
    );
  });
});

describe('the integration', () => {
  it('is the same for both paths but for how Lambda is invoked', () => {
    expect(synth()).toHaveResource(ApiGatewayIntegration);
    const [jobs, sync] = ['post-jobs', 'post-jobs-sync'].map(
      (route) => ofRoute(synth(), 'aws_api_gateway_integration', route)[0]?.request_templates,
    );

    expect(jobs).toEqual(sync);
  });
});
