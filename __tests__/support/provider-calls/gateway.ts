import { always, type CallsByType, type ProviderCalls } from './calls';

const API = `arn:aws:apigateway:us-east-1::/restapis`;
const ofApi = (path: string, create: 'POST' | 'PUT', change: readonly string[]): ProviderCalls => ({
  arn: always(`${API}/a1b2c3d4e5${path}`),
  read: ['apigateway:GET'],
  create: [],
  change: [`apigateway:${create}`, ...change.map((method) => `apigateway:${method}`)],
});

export const GATEWAY: CallsByType = {
  aws_api_gateway_deployment: ofApi('/deployments/d1', 'POST', ['DELETE', 'PATCH']),
  aws_api_gateway_gateway_response: ofApi('/gatewayresponses/r', 'PUT', ['DELETE']),
  aws_api_gateway_integration: ofApi('/resources/r/methods/POST/integration', 'PUT', ['PATCH', 'DELETE']),
  aws_api_gateway_integration_response: ofApi('/resources/r/methods/POST/integration/responses/200', 'PUT', [
    'DELETE',
  ]),
  aws_api_gateway_method: ofApi('/resources/r/methods/POST', 'PUT', ['PATCH', 'DELETE']),
  aws_api_gateway_method_response: ofApi('/resources/r/methods/POST/responses/200', 'PUT', ['DELETE']),
  aws_api_gateway_method_settings: ofApi('/stages/live', 'POST', ['PATCH']),
  aws_api_gateway_model: ofApi('/models/Job', 'POST', ['PATCH', 'DELETE']),
  aws_api_gateway_request_validator: ofApi('/requestvalidators/v', 'POST', ['PATCH', 'DELETE']),
  aws_api_gateway_resource: ofApi('/resources/r', 'POST', ['PATCH', 'DELETE']),
  aws_api_gateway_rest_api: {
    ...ofApi('', 'PUT', ['PATCH', 'DELETE']),
    onlyPeople: [
      ['apigateway:POST', API],
      ['apigateway:PUT', 'arn:aws:apigateway:us-east-1::/tags/arn%3Aaws%3Aapigateway%3A%2Frestapis%2Fa'],
      ['apigateway:DELETE', 'arn:aws:apigateway:us-east-1::/tags/arn%3Aaws%3Aapigateway%3A%2Frestapis%2Fa'],
    ],
  },
  aws_api_gateway_stage: ofApi('/stages/live', 'POST', ['PATCH', 'DELETE']),
};
