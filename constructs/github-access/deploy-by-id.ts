import { arnIn, madeByUs, ours, type PermissionsOf } from './deployed-names';

/**
 * The REST API of `endpoint`; for permissions, its parts have its tags. A deployment neither makes nor tags an API: AWS
 * knows no condition on what is tagged already, so who may tag one may tag all, and would have them with the tag.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging-supported-resources.html
 */
export const apiPermissions: PermissionsOf = (target, names) => {
  const arn = (path: string): string => arnIn(target)('apigateway', path, `${target.region}:`);
  const api = arn('/restapis/*');
  return {
    read: [{ sid: 'LookAtApis', actions: ['apigateway:GET'], resources: [api], conditions: ours(names) }],
    write: [
      {
        sid: 'ChangeApis',
        actions: ['apigateway:DELETE', 'apigateway:PATCH', 'apigateway:POST', 'apigateway:PUT'],
        resources: [api],
        conditions: ours(names),
      },
    ],
  };
};

/**
 * Lambda's resources by their tag: who must have signed the packages, and event source mappings. And layers. Who must have
 * signed is not for a deployment to change: it would sign for itself.
 */
export const codePermissions: PermissionsOf = (target, names) => {
  const arn = arnIn(target);
  const configs = arn('lambda', 'code-signing-config:*');
  const mappings = arn('lambda', 'event-source-mapping:*');
  return {
    read: [
      {
        sid: 'LookAtCode',
        actions: ['lambda:GetCodeSigningConfig', 'lambda:ListTags'],
        resources: [configs, mappings],
        conditions: ours(names),
      },
    ],
    write: [
      {
        // A mapping's tag decides nothing: who may change it is told by its function.
        sid: 'TagMappings',
        actions: ['lambda:TagResource'],
        resources: [mappings],
        conditions: madeByUs(names),
      },
      {
        sid: 'ChangeMappingTags',
        actions: ['lambda:TagResource', 'lambda:UntagResource'],
        resources: [mappings],
        conditions: ours(names),
      },
      {
        // AWS asks for the function too, which has a name.
        sid: 'RequireSignatures',
        actions: ['lambda:PutFunctionCodeSigningConfig'],
        resources: [configs],
        conditions: ours(names),
      },
      {
        // Extensions come from other accounts: their owners say who may use them.
        sid: 'UseLayers',
        actions: ['lambda:GetLayerVersion'],
        resources: [arn('lambda', 'layer:*', `${target.region}:*`)],
      },
    ],
  };
};

/** What carries queues and streams to functions: AWS has a condition for whose function it is. */
export const mappingPermissions: PermissionsOf = (target, { namePrefix }) => {
  const arn = arnIn(target);
  const any = arn('lambda', 'event-source-mapping:*');
  const toOurs = { ArnLike: { 'lambda:FunctionArn': arn('lambda', `function:${namePrefix}-*`) } };
  return {
    read: [
      {
        sid: 'LookAtMappings',
        actions: ['lambda:GetEventSourceMapping'],
        resources: [any],
        conditions: toOurs,
      },
    ],
    write: [
      {
        // It has no ARN before it is made.
        sid: 'MakeMappings',
        actions: ['lambda:CreateEventSourceMapping'],
        resources: ['*'],
        conditions: toOurs,
      },
      {
        sid: 'ChangeMappings',
        actions: ['lambda:DeleteEventSourceMapping', 'lambda:UpdateEventSourceMapping'],
        resources: [any],
        conditions: toOurs,
      },
    ],
  };
};
