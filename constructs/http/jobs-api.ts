import { ApiGatewayGatewayResponse } from '@cdktf/provider-aws/lib/api-gateway-gateway-response';
import { ApiGatewayModel } from '@cdktf/provider-aws/lib/api-gateway-model';
import { ApiGatewayRequestValidator } from '@cdktf/provider-aws/lib/api-gateway-request-validator';
import { ApiGatewayResource } from '@cdktf/provider-aws/lib/api-gateway-resource';
import { ApiGatewayRestApi } from '@cdktf/provider-aws/lib/api-gateway-rest-api';
import { Construct } from 'constructs';
import { JobRoute, type RouteResponse } from './job-route';

export interface JobsApiProps {
  readonly name: string;
  readonly description: string;
  /** The function, as `aws_lambda_function.invoke_arn`. */
  readonly invokeArn: string;
  /** The role that API Gateway invokes it under. */
  readonly roleArn: string;
  readonly authorization: 'AWS_IAM' | 'NONE';
  /** JSON schema of the body, draft 4. */
  readonly requestSchema: object;
  /** Mapping template of the function's event. */
  readonly requestTemplate: string;
}

const REQUEST_ID = '"requestId": "$context.requestId"';

const ACCEPTED: RouteResponse = { statusCode: '202', template: '{"jobId": "$context.requestId"}' };

const ANSWERED: RouteResponse = { statusCode: '200', template: "$input.json('$')" };

/** Lambda answers a failed function with 200 too: without this, so would the endpoint. */
const FAILED: RouteResponse = {
  statusCode: '502',
  // Every message but the empty one, over all its lines.
  selectionPattern: '(\\n|.)+',
  template: `{"message": $input.json('$.errorMessage'), "errorType": $input.json('$.errorType'), ${REQUEST_ID}}`,
};

/**
 * What API Gateway answers by itself. These templates are no VTL: variables are put in, and nothing else is done.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
const GATEWAY_RESPONSES = [
  {
    id: 'invalid-body',
    responseType: 'BAD_REQUEST_BODY',
    statusCode: '400',
    // Which field, and what is wrong with it.
    template: `{"message": $context.error.messageString, "details": "$context.error.validationErrorString", ${REQUEST_ID}}`,
  },
  // No status code: every type keeps its own (403, 415, 429, …, 500, 504).
  {
    id: 'refused',
    responseType: 'DEFAULT_4XX',
    template: `{"message": $context.error.messageString, ${REQUEST_ID}}`,
  },
  {
    id: 'failed',
    responseType: 'DEFAULT_5XX',
    template: `{"message": $context.error.messageString, ${REQUEST_ID}}`,
  },
];

/** The definition of the REST API: everything that takes effect with a deployment, and nothing else. */
export class JobsApi extends Construct {
  readonly api: ApiGatewayRestApi;

  constructor(scope: Construct, id: string, props: JobsApiProps) {
    super(scope, id);
    const { name, description, requestSchema, ...shared } = props;
    this.api = new ApiGatewayRestApi(this, 'api', {
      name,
      description,
      endpointConfiguration: { types: ['REGIONAL'] },
    });
    const restApiId = this.api.id;
    for (const { id: responseId, responseType, statusCode, template } of GATEWAY_RESPONSES) {
      new ApiGatewayGatewayResponse(this, responseId, {
        restApiId,
        responseType,
        statusCode,
        responseTemplates: { 'application/json': template },
      });
    }
    const model = new ApiGatewayModel(this, 'model', {
      restApiId,
      name: 'Job',
      description: 'What a job is asked',
      contentType: 'application/json',
      schema: JSON.stringify(requestSchema),
    });
    const validator = new ApiGatewayRequestValidator(this, 'validator', {
      restApiId,
      name: 'body',
      validateRequestBody: true,
    });
    const route = { ...shared, restApiId, requestValidatorId: validator.id, model: model.name };

    const jobs = new ApiGatewayResource(this, 'jobs', {
      restApiId,
      parentId: this.api.rootResourceId,
      pathPart: 'jobs',
    });
    const sync = new ApiGatewayResource(this, 'sync', { restApiId, parentId: jobs.id, pathPart: 'sync' });
    new JobRoute(this, 'post-jobs', {
      ...route,
      resourceId: jobs.id,
      invocationType: 'Event',
      responses: [ACCEPTED],
    });
    new JobRoute(this, 'post-jobs-sync', {
      ...route,
      resourceId: sync.id,
      invocationType: 'RequestResponse',
      responses: [ANSWERED, FAILED],
    });
  }
}
