import { ApiGatewayIntegration } from '@cdktf/provider-aws/lib/api-gateway-integration';
import { ApiGatewayIntegrationResponse } from '@cdktf/provider-aws/lib/api-gateway-integration-response';
import { ApiGatewayMethod } from '@cdktf/provider-aws/lib/api-gateway-method';
import { ApiGatewayMethodResponse } from '@cdktf/provider-aws/lib/api-gateway-method-response';
import { Construct } from 'constructs';

/** One of the answers of a route. */
export interface RouteResponse {
  /** e.g. `202`. */
  readonly statusCode: string;
  /** Which messages of a failed function it is for, as a regular expression. @default whatever no other takes */
  readonly selectionPattern?: string;
  /** Mapping template of the body. */
  readonly template: string;
}

export interface JobRouteProps {
  readonly restApiId: string;
  readonly resourceId: string;
  readonly authorization: 'AWS_IAM' | 'NONE';
  readonly requestValidatorId: string;
  /** Name of the model that the body is validated against. */
  readonly model: string;
  /** `Event`: Lambda queues the job and answers at once. `RequestResponse`: it answers when the function has. */
  readonly invocationType: 'Event' | 'RequestResponse';
  /** The function, as `aws_lambda_function.invoke_arn`. */
  readonly invokeArn: string;
  /** The role that API Gateway invokes it under. */
  readonly roleArn: string;
  /** Mapping template of the function's event. */
  readonly requestTemplate: string;
  readonly responses: readonly RouteResponse[];
}

/** The longest that a REST API waits. https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const TIMEOUT_MILLISECONDS = 29_000;

/** `POST` on a resource: its body goes to a function, through a template, by an integration that is no proxy. */
export class JobRoute extends Construct {
  constructor(scope: Construct, id: string, props: JobRouteProps) {
    super(scope, id);
    const { restApiId, resourceId } = props;
    const method = new ApiGatewayMethod(this, 'method', {
      restApiId,
      resourceId,
      httpMethod: 'POST',
      authorization: props.authorization,
      requestValidatorId: props.requestValidatorId,
      requestModels: { 'application/json': props.model },
    });
    const at = { restApiId, resourceId, httpMethod: method.httpMethod };
    const integration = new ApiGatewayIntegration(this, 'integration', {
      ...at,
      // Not AWS_PROXY: only this type lets a header of the integration choose how Lambda is invoked.
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-integration-async.html
      type: 'AWS',
      integrationHttpMethod: 'POST',
      uri: props.invokeArn,
      credentials: props.roleArn,
      requestParameters: {
        // The inner quotes make it a constant; without them API Gateway would look for a parameter of that name.
        'integration.request.header.X-Amz-Invocation-Type': `'${props.invocationType}'`,
      },
      requestTemplates: { 'application/json': props.requestTemplate },
      // Another content type is answered with 415: it would pass by the validation, which goes by content type.
      passthroughBehavior: 'NEVER',
      timeoutMilliseconds: TIMEOUT_MILLISECONDS,
    });
    for (const { statusCode, selectionPattern, template } of props.responses) {
      const response = new ApiGatewayMethodResponse(this, `response-${statusCode}`, { ...at, statusCode });
      new ApiGatewayIntegrationResponse(this, `integration-response-${statusCode}`, {
        ...at,
        statusCode: response.statusCode,
        selectionPattern,
        responseTemplates: { 'application/json': template },
        dependsOn: [integration],
      });
    }
  }
}
