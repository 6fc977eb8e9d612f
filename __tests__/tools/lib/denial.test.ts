import { denialsIn, explainDenials } from '../../../tools/lib/denial';

const MOVER = 'arn:aws:sts::123456789012:assumed-role/us-process-upload/us-process-upload';
const OBJECT = 'arn:aws:s3:::b/uploads/a b'.replace(' ', '+');

describe('a denial in a text', () => {
  it.each([
    [
      'an identity without the permission',
      `AccessDenied: User: ${MOVER} is not authorized to perform: s3:DeleteObject on resource: "${OBJECT}" because no identity-based policy allows the s3:DeleteObject action`,
      {
        action: 's3:DeleteObject',
        resource: OBJECT,
        reason: 'no identity-based policy allows it',
        explicit: false,
      },
    ],
    [
      'a service that names no resource',
      `why: User: ${MOVER} is not authorized to perform: s3:PutObject because no identity-based policy allows the s3:PutObject action. If it stays, …`,
      {
        action: 's3:PutObject',
        resource: undefined,
        reason: 'no identity-based policy allows it',
        explicit: false,
      },
    ],
    [
      'a boundary without it',
      `User: ${MOVER} is not authorized to perform: sqs:SendMessage on resource: arn:aws:sqs:eu-west-1:123456789012:q because no permissions boundary policy allows the sqs:SendMessage action`,
      {
        action: 'sqs:SendMessage',
        resource: 'arn:aws:sqs:eu-west-1:123456789012:q',
        reason: 'no permissions boundary policy allows it',
        explicit: false,
      },
    ],
    [
      'a policy of the resource that denies it',
      `User: ${MOVER} is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:eu-west-1:123456789012:key/1 with an explicit deny in a resource-based policy`,
      {
        action: 'kms:Decrypt',
        resource: 'arn:aws:kms:eu-west-1:123456789012:key/1',
        reason: 'an explicit deny in a resource-based policy',
        explicit: true,
      },
    ],
  ])('is read of %s', (_, text, expected) => {
    expect(denialsIn(text)).toEqual([{ principal: MOVER, ...expected }]);
  });

  it('is found once where it is said three times, and not where there is none', () => {
    const sentence = `User: ${MOVER} is not authorized to perform: s3:GetObject because no identity-based policy allows the s3:GetObject action\n`;

    expect(denialsIn(sentence.repeat(3))).toHaveLength(1);
    expect(denialsIn('AccessDenied: Access Denied')).toEqual([]);
  });
});

describe('the explanation of a denial', () => {
  const denied = (principal: string, end: string): string =>
    `User: ${principal} is not authorized to perform: sqs:SendMessage on resource: arn:aws:sqs:eu-west-1:123456789012:q ${end}`;
  const MISSING = 'because no identity-based policy allows the sqs:SendMessage action';

  it('names function, action and resource, and the line to add to its unit', () => {
    expect(explainDenials(denied(MOVER, MISSING), 'us')).toBe(
      'process-upload may not sqs:SendMessage on arn:aws:sqs:eu-west-1:123456789012:q: no identity-based policy allows it.\n' +
        'If it should, add to stacks/units/process-upload.ts, with a resource as narrow as can be:\n' +
        "  processUpload.allow('send-message', [{ sid: 'SendMessage', actions: ['sqs:SendMessage'], resources: ['arn:aws:sqs:eu-west-1:123456789012:q'] }]);",
    );
  });

  it('offers no line where a policy denies it', () => {
    expect(explainDenials(denied(MOVER, 'with an explicit deny in a resource-based policy'), 'us')).toBe(
      'process-upload may not sqs:SendMessage on arn:aws:sqs:eu-west-1:123456789012:q: an explicit deny in a resource-based policy. ' +
        'No permission helps while that policy denies it.',
    );
  });

  it('names a person’s own role, and where the permissions of the commands are listed', () => {
    const ann = 'arn:aws:sts::123456789012:assumed-role/operators/ann';

    expect(explainDenials(denied(ann, MISSING), 'us')).toBe(
      `${ann} may not sqs:SendMessage on arn:aws:sqs:eu-west-1:123456789012:q: no identity-based policy allows it. ` +
        'docs/operations.md lists what each command may do.',
    );
  });
});
