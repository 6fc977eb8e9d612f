import { permissionChanges } from '../../../../tools/change/review/permissions';
import { covers, permissionsOf, plainly, type Permission } from '../../../../tools/change/review/statements';
import { planOf, together } from '../../../support/plans';

type Statement = Readonly<Record<string, unknown>>;

const document = (...statements: readonly Statement[]): string => JSON.stringify({ Statement: statements });

const allow = (action: string, resource: string, more: Statement = {}): Statement => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
  ...more,
});

const policy = (before: Statement | null, after: Statement | null) =>
  planOf(
    'aws_iam_role_policy',
    before && { role: 'mover', policy: document(before) },
    after && { role: 'mover', policy: document(after) },
  );

const actions = (entries: readonly Permission[]): string[] => entries.map(({ action }) => action);

describe('permissionChanges', () => {
  it.each([
    ['an action more', allow('s3:GetObject', 'b'), allow('s3:*', 'b')],
    ['a resource more', allow('s3:GetObject', 'b/x'), allow('s3:GetObject', 'b/*')],
    [
      'a condition less',
      allow('s3:GetObject', 'b', { Condition: { Bool: { k: 'true' } } }),
      allow('s3:GetObject', 'b'),
    ],
  ])('calls %s a widening only, and the way back a narrowing only', (_, narrow, wide) => {
    expect(permissionChanges(policy(narrow, wide))).toMatchObject({
      widened: [{ subject: { text: 'role `mover`' } }],
      narrowed: [],
    });
    expect(permissionChanges(policy(wide, narrow))).toMatchObject({
      widened: [],
      narrowed: [{ subject: { text: 'role `mover`' } }],
    });
  });

  it('calls a permission that moves to another policy of the same role no change', () => {
    const statement = allow('s3:GetObject', 'b');

    expect(permissionChanges(together(policy(statement, null), policy(null, statement)))).toEqual({
      widened: [],
      narrowed: [],
      unknown: [],
    });
  });

  it('calls a refusal that is taken back a widening', () => {
    const refusal = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: 'b' };
    const plan = planOf(
      'aws_s3_bucket_policy',
      { bucket: 'b', policy: document(refusal) },
      { bucket: 'b', policy: document() },
    );

    expect(permissionChanges(plan)).toMatchObject({
      widened: [{ effect: 'Deny', subject: { text: 'bucket `b`' } }],
      narrowed: [],
    });
  });

  it('takes the attachment of a managed policy for what it is', () => {
    const plan = planOf('aws_iam_role_policy_attachment', null, {
      role: 'mover',
      policy_arn: 'arn:aws:iam::aws:policy/X',
    });

    expect(permissionChanges(plan).widened).toMatchObject([
      { subject: { text: 'role `mover`' }, action: 'everything in', resource: 'arn:aws:iam::aws:policy/X' },
    ]);
  });

  it('says nothing of what a policy will leave out that is known only after the apply', () => {
    const plan = planOf(
      'aws_iam_role_policy',
      { role: 'mover', name: 'read', policy: document(allow('s3:GetObject', 'b')) },
      { role: 'mover', name: 'read' },
      { after_unknown: { policy: true }, expressions: { policy: {} } },
    );

    expect(permissionChanges(plan)).toMatchObject({
      widened: [],
      narrowed: [],
      unknown: [{ text: 'policy of a role `read` (role `mover`)' }],
    });
  });

  it('does not look into a policy that Terraform calls sensitive, and says so', () => {
    const plan = planOf(
      'aws_iam_role_policy',
      { role: 'mover', policy: document() },
      { role: 'mover', policy: document(allow('s3:GetObject', 'secret')) },
      { after_sensitive: { policy: true } },
    );

    expect(permissionChanges(plan)).toMatchObject({
      widened: [],
      unknown: [{ text: expect.stringContaining('sensitive') as string }],
    });
  });
});

describe('permissionsOf', () => {
  it('takes statements apart into actions, resources and principals', () => {
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: ['1', '2'], Service: 'lambda.amazonaws.com' },
      Action: ['a:X', 'a:Y'],
      Resource: ['r', 's'],
    };

    expect(permissionsOf(document(statement))).toHaveLength(3 * 2 * 2);
  });

  it('keeps NotAction, NotResource and NotPrincipal as one permission each, in words', () => {
    const statement = { Effect: 'Allow', NotPrincipal: '*', NotAction: ['a:X', 'a:Y'], NotResource: 'r' };

    expect(permissionsOf(document(statement))).toMatchObject([
      {
        effect: 'Allow',
        principal: 'everyone but *',
        action: 'everything but a:X, a:Y',
        resource: 'everything but r',
        condition: '',
      },
    ]);
  });

  it('writes conditions in one order, whatever the order of the document', () => {
    const condition = { StringEquals: { b: ['x', 'y'] }, Bool: { a: 'true' } };
    const [permission] = permissionsOf(document(allow('a:X', 'r', { Condition: condition })));

    expect(permission?.condition).toBe('Bool a = true and StringEquals b = x or y');
  });

  it('takes a trust policy to be about the role itself', () => {
    const trust = {
      Effect: 'Allow',
      Principal: { Service: 'lambda.amazonaws.com' },
      Action: 'sts:AssumeRole',
    };

    expect(actions(permissionsOf(document(trust)))).toEqual(['sts:AssumeRole']);
  });
});

describe('covers', () => {
  const one = plainly('s3:Get*', 'b/?');

  it.each([
    [{ action: 's3:GetObject', resource: 'b/x' }, true],
    [{ action: 'S3:getobject', resource: 'b/x' }, true],
    [{ action: 's3:PutObject', resource: 'b/x' }, false],
    [{ action: 's3:GetObject', resource: 'b/xy' }, false],
    [{ action: 's3:GetObject', resource: 'B/x' }, false],
    [{ action: 's3:GetObject', resource: 'b/x', effect: 'Deny' as const }, false],
    [{ action: 's3:GetObject', resource: 'b/x', principal: '*' }, false],
    [{ action: 's3:GetObject', resource: 'b/x', condition: 'Bool a = true' }, true],
  ])('knows whether s3:Get* on b/? covers %j: %p', (narrow, expected) => {
    expect(covers(one, { ...one, ...narrow })).toBe(expected);
  });

  it('is not fooled by characters that mean something in a regular expression', () => {
    expect(covers({ ...one, resource: 'a.b' }, { ...one, resource: 'axb' })).toBe(false);
    expect(covers({ ...one, resource: '${a}(b)' }, { ...one, resource: '${a}(b)' })).toBe(true);
  });
});
