import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { Testing } from 'cdktf';
import { DeploymentTarget } from '../../../constructs/base/deployment-target';
import { policyDocument, type PolicyStatement } from '../../../constructs/base/policy';
import { beyond, boundaryStatements } from '../../../constructs/github-access/boundary';

/** What the boundary gets in addition, where a role of the stack is granted this. */
function added(granted: readonly PolicyStatement[]): PolicyStatement[] {
  let found: PolicyStatement[] = [];
  Testing.synthScope((scope) => {
    const role = new IamRole(scope, 'role', { name: 'test-role', assumeRolePolicy: '{}' });
    granted.forEach((statement, index) => {
      new IamRolePolicy(scope, `policy-${index}`, { role: role.name, policy: policyDocument([statement]) });
    });
    const target = DeploymentTarget.of(scope);
    found = beyond(scope, boundaryStatements(target, { namePrefix: 'test' }));
  });
  return found;
}

const grant = (action: string, resource: string, effect?: 'Deny'): PolicyStatement => ({
  sid: 'Grant',
  ...(effect && { effect }),
  actions: [action],
  resources: [resource],
});

describe('what a stack permits its roles beyond the boundary', () => {
  it.each([
    ['another’s bucket', 's3:GetObject', 'arn:aws:s3:::theirs/*'],
    ['another’s stream', 'kinesis:GetRecords', 'arn:aws:kinesis:us-east-1:111122223333:stream/theirs'],
    ['a service without resources', 'rekognition:DetectText', '*'],
    ['a service of one’s own resource', 'sagemaker:InvokeEndpoint', '${aws_sagemaker_endpoint.ours.arn}'],
  ])('is added: %s', (_, action, resource) => {
    expect(added([grant(action, resource)])).toEqual([
      { sid: 'Beyond1', actions: [action], resources: [resource] },
    ]);
  });

  it.each([
    ['a bucket of the stack', 's3:GetObject', '${aws_s3_bucket.uploads.arn}/uploads/*'],
    ['traces', 'xray:PutTraceSegments', '*'],
  ])('is nothing: %s', (_, action, resource) => {
    expect(added([grant(action, resource)])).toEqual([]);
  });

  it('is no refusal', () => {
    expect(added([grant('rekognition:DetectText', '*', 'Deny')])).toEqual([]);
  });

  it('is one statement for the same actions on several resources', () => {
    const streams = ['a', 'b'].map((name) => `arn:aws:kinesis:us-east-1:111122223333:stream/${name}`);

    expect(added([...streams, ...streams].map((arn) => grant('kinesis:GetRecords', arn)))).toEqual([
      { sid: 'Beyond1', actions: ['kinesis:GetRecords'], resources: streams },
    ]);
  });
});
