import { isAllowed, type Request } from '../support/iam';
import type { Statement } from '../support/synth';

type Rule = Omit<Statement, 'address'>;

const rule = (more: Partial<Rule> = {}): Rule => ({
  Sid: 'Rule',
  Effect: 'Allow',
  Action: ['s3:GetObject'],
  Resource: ['arn:aws:s3:::b/*'],
  ...more,
});

const get: Request = { action: 's3:GetObject', resource: 'arn:aws:s3:::b/x/y' };

// The tests of permissions are only as good as what evaluates them.
describe('the evaluation of policies', () => {
  it('refuses what nothing allows', () => {
    expect(isAllowed([], get)).toBe(false);
    expect(isAllowed([rule()], { ...get, action: 's3:PutObject' })).toBe(false);
    expect(isAllowed([rule()], { ...get, resource: 'arn:aws:s3:::c/x' })).toBe(false);
  });

  it('lets a refusal outweigh every permission', () => {
    expect(isAllowed([rule(), rule({ Effect: 'Deny', Action: ['s3:*'] })], get)).toBe(false);
    expect(isAllowed([rule({ Effect: 'Deny' })], get)).toBe(false);
  });

  it('takes actions in any case and resources as they are', () => {
    expect(isAllowed([rule()], { ...get, action: 'S3:getobject' })).toBe(true);
    expect(isAllowed([rule()], { ...get, resource: 'arn:aws:s3:::B/x' })).toBe(false);
  });

  it.each([
    ['arn:aws:s3:::b/*', 'arn:aws:s3:::b/', true],
    ['arn:aws:s3:::b/?', 'arn:aws:s3:::b/x', true],
    ['arn:aws:s3:::b/?', 'arn:aws:s3:::b/xy', false],
    ['arn:aws:s3:::b.c/*', 'arn:aws:s3:::bxc/x', false],
    ['*', 'anything', true],
    ['arn:aws:s3:::b/(x)+', 'arn:aws:s3:::b/(x)+', true],
  ])('takes the pattern %s for %s: %p', (pattern, resource, expected) => {
    expect(isAllowed([rule({ Resource: [pattern] })], { ...get, resource })).toBe(expected);
  });

  it('wants every condition to hold, of each any one value, and every key to be there', () => {
    const Condition = { StringEquals: { a: ['1', '2'] }, Bool: { b: 'true' }, ArnLike: { c: 'arn:*:x' } };
    const all = { a: '2', b: 'True', c: 'arn:aws:x' };

    expect(isAllowed([rule({ Condition })], { ...get, context: all })).toBe(true);
    for (const key of ['a', 'b', 'c']) {
      expect(isAllowed([rule({ Condition })], { ...get, context: { ...all, [key]: 'other' } })).toBe(false);
      expect(
        isAllowed([rule({ Condition })], { ...get, context: { ...all, [key]: undefined as never } }),
      ).toBe(false);
    }
  });

  it('takes a request to come over TLS unless it says otherwise', () => {
    const secure = rule({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });

    expect(isAllowed([rule(), secure], get)).toBe(true);
    expect(isAllowed([rule(), secure], { ...get, context: { 'aws:SecureTransport': 'false' } })).toBe(false);
  });

  it('fails on what it does not know, rather than to guess', () => {
    expect(() => isAllowed([rule({ Condition: { IpAddress: { 'aws:SourceIp': '1.2.3.4' } } })], get)).toThrow(
      'The condition operator IpAddress cannot be evaluated here.',
    );
    expect(() => isAllowed([{ ...rule(), NotAction: ['x'] } as Rule], get)).toThrow(
      'NotAction cannot be evaluated',
    );
  });
});
