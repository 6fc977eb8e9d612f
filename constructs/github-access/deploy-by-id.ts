import { arnIn, madeByUs, ours, type PermissionsOf } from './deployed-names';

/**
 * The REST API of `endpoint`; for permissions, its parts have its tags.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging-supported-resources.html
 */
export const apiPermissions: PermissionsOf = (target, names) => {
  const arn = (path: string): string => arnIn(target)('apigateway', path, `${target.region}:`);
  const api = arn('/restapis/*');
  return {
    read: [{ sid: 'LookAtApis', actions: ['apigateway:GET'], resources: [api], conditions: ours(names) }],
    write: [
      {
        sid: 'MakeApis',
        actions: ['apigateway:POST', 'apigateway:PUT'],
        resources: [arn('/restapis'), arn('/tags/*')],
        conditions: madeByUs(names),
      },
      {
        sid: 'ChangeApis',
        actions: ['apigateway:DELETE', 'apigateway:PATCH', 'apigateway:POST', 'apigateway:PUT'],
        resources: [api],
        conditions: ours(names),
      },
      {
        // AWS knows no condition for it; the ARN is that of what is tagged.
        sid: 'TagApis',
        actions: ['apigateway:DELETE', 'apigateway:PUT'],
        resources: [arn('/tags/*restapis*')],
      },
      {
        // The first API of an account makes it. https://docs.aws.amazon.com/apigateway/latest/developerguide/using-service-linked-roles.html
        sid: 'LetApiGatewayWork',
        actions: ['iam:CreateServiceLinkedRole'],
        resources: [
          arnIn(target)(
            'iam',
            'role/aws-service-role/ops.apigateway.amazonaws.com/*',
            `:${target.accountId}`,
          ),
        ],
      },
    ],
  };
};

/** Lambda's resources by their tag: who must have signed the packages, and event source mappings. And layers. */
export const codePermissions: PermissionsOf = (target, names) => {
  const arn = arnIn(target);
  const config = arn('lambda', 'code-signing-config:*');
  const tagged = [config, arn('lambda', 'event-source-mapping:*')];
  return {
    read: [
      {
        sid: 'LookAtCode',
        actions: ['lambda:GetCodeSigningConfig', 'lambda:ListTags'],
        resources: tagged,
        conditions: ours(names),
      },
    ],
    write: [
      {
        // It has no ARN before it is made.
        sid: 'MakeCode',
        actions: ['lambda:CreateCodeSigningConfig'],
        resources: ['*'],
        conditions: madeByUs(names),
      },
      {
        sid: 'TagCode',
        actions: ['lambda:TagResource'],
        resources: tagged,
        conditions: madeByUs(names),
      },
      {
        sid: 'ChangeCode',
        actions: [
          'lambda:DeleteCodeSigningConfig',
          'lambda:PutFunctionCodeSigningConfig',
          'lambda:TagResource',
          'lambda:UntagResource',
          'lambda:UpdateCodeSigningConfig',
        ],
        resources: tagged,
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
