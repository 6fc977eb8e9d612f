import { grantsIn, without, type PolicyDocument } from '../../e2e/iam/grants';

const POLICY: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [
    { Sid: 'Both', Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: ['a', 'b'] },
    { Sid: 'One', Effect: 'Allow', Action: 'sqs:SendMessage', Resource: 'q' },
    { Sid: 'Never', Effect: 'Deny', Action: 's3:*', Resource: '*' },
  ],
};

const pairs = (document: PolicyDocument | undefined): string[] =>
  document
    ? grantsIn('r', 'p', document)
        .map(({ action, resource }) => `${action} ${resource}`)
        .sort()
    : [];

describe('the grants of a policy', () => {
  it('are every pair of action and resource that it allows', () => {
    expect(pairs(POLICY)).toEqual([
      's3:GetObject a',
      's3:GetObject b',
      's3:PutObject a',
      's3:PutObject b',
      'sqs:SendMessage q',
    ]);
  });

  it.each(grantsIn('r', 'p', POLICY).map((grant) => [`${grant.action} ${grant.resource}`, grant] as const))(
    'can be taken away one at a time, the others stay: %s',
    (pair, grant) => {
      const rest = without(POLICY, grant);

      expect(pairs(rest)).toEqual(pairs(POLICY).filter((other) => other !== pair));
      expect(rest?.Statement).toContainEqual(POLICY.Statement[2]);
    },
  );

  it('leave no policy when the last one is taken away', () => {
    const Statement = POLICY.Statement.slice(1, 2);
    const [last] = grantsIn('r', 'p', { ...POLICY, Statement });

    expect(last && without({ ...POLICY, Statement }, last)).toBeUndefined();
  });
});
