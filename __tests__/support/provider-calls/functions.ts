import { ACCOUNT } from '../iam';
import type { Block } from '../synth';
import { always, HERE, text, type CallsByType } from './calls';

const functionOf = ({ function_name: name }: Block): string => {
  const arn = text(name);
  return arn.startsWith('arn:') ? arn : `arn:aws:lambda:${HERE}:function:${arn}`;
};

const SIGNING = `arn:aws:lambda:${HERE}:code-signing-config:csc-1`;

export const FUNCTIONS: CallsByType = {
  aws_lambda_alias: {
    arn: functionOf,
    read: ['lambda:GetAlias'],
    create: ['lambda:CreateAlias'],
    change: ['lambda:UpdateAlias', 'lambda:DeleteAlias'],
  },
  aws_lambda_code_signing_config: {
    arn: always(SIGNING),
    read: ['lambda:GetCodeSigningConfig', 'lambda:ListTags'],
    create: [],
    change: ['lambda:PutFunctionCodeSigningConfig'],
    onlyPeople: [
      ['lambda:CreateCodeSigningConfig', '*'],
      ['lambda:DeleteCodeSigningConfig', SIGNING],
      ['lambda:TagResource', SIGNING],
      ['lambda:UpdateCodeSigningConfig', SIGNING],
    ],
  },
  aws_lambda_event_source_mapping: {
    arn: always(`arn:aws:lambda:${HERE}:event-source-mapping:1234`),
    read: ['lambda:GetEventSourceMapping', 'lambda:ListTags'],
    create: ['lambda:CreateEventSourceMapping', 'lambda:TagResource'],
    change: [
      'lambda:DeleteEventSourceMapping',
      'lambda:TagResource',
      'lambda:UntagResource',
      'lambda:UpdateEventSourceMapping',
    ],
    context: (block) => ({ 'lambda:FunctionArn': functionOf(block) }),
  },
  aws_lambda_function: {
    arn: functionOf,
    read: [
      'lambda:GetFunction',
      'lambda:GetFunctionCodeSigningConfig',
      'lambda:GetFunctionConfiguration',
      'lambda:ListVersionsByFunction',
    ],
    create: ['lambda:CreateFunction', 'lambda:PutFunctionConcurrency', 'lambda:TagResource'],
    change: [
      'lambda:DeleteFunction',
      'lambda:DeleteFunctionCodeSigningConfig',
      'lambda:DeleteFunctionConcurrency',
      'lambda:PublishVersion',
      'lambda:PutFunctionCodeSigningConfig',
      'lambda:TagResource',
      'lambda:UntagResource',
      'lambda:UpdateFunctionCode',
      'lambda:UpdateFunctionConfiguration',
    ],
    context: () => ({ 'iam:PassedToService': 'lambda.amazonaws.com' }),
    alsoCreate: [
      ['ec2:DescribeSecurityGroups', '*'],
      ['ec2:DescribeSubnets', '*'],
      ['ec2:DescribeVpcs', '*'],
      ['iam:PassRole', `arn:aws:iam::${ACCOUNT}:role/test-caller`],
      ['lambda:GetLayerVersion', 'arn:aws:lambda:us-east-1:999999999999:layer:theirs:3'],
    ],
  },
  aws_lambda_function_event_invoke_config: {
    arn: functionOf,
    read: ['lambda:GetFunctionEventInvokeConfig'],
    create: ['lambda:PutFunctionEventInvokeConfig'],
    change: ['lambda:PutFunctionEventInvokeConfig', 'lambda:DeleteFunctionEventInvokeConfig'],
  },
  aws_lambda_permission: {
    arn: functionOf,
    read: ['lambda:GetPolicy'],
    create: ['lambda:AddPermission'],
    change: ['lambda:AddPermission', 'lambda:RemovePermission'],
  },
  aws_lambda_provisioned_concurrency_config: {
    arn: functionOf,
    read: ['lambda:GetProvisionedConcurrencyConfig'],
    create: ['lambda:PutProvisionedConcurrencyConfig'],
    change: ['lambda:PutProvisionedConcurrencyConfig', 'lambda:DeleteProvisionedConcurrencyConfig'],
  },
};
