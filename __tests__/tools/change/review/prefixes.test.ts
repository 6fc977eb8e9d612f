import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { askAccount } from '../../../../tools/change/review/account';
import type { Plan } from '../../../../tools/change/review/plan';
import { review } from '../../../../tools/change/review/review';

type Variables = Readonly<Record<string, string>>;

const BEFORE = { UPLOAD_PREFIX: 'uploads/', PROCESSED_PREFIX: 'processed/', ON_EXISTING: 'replace' };
const pairs = (...list: readonly object[]) => ({ FORMER_PREFIXES: JSON.stringify(list) });

/** A plan that changes the variables of the function that moves uploads. */
const planOf = (before: Variables, after: Variables): Plan => ({
  format_version: '1.2',
  output_changes: { upload_bucket: { actions: ['no-op'], before: 'our-uploads' } },
  resource_changes: [
    {
      address: 'aws_lambda_function.process-upload_function',
      mode: 'managed',
      type: 'aws_lambda_function',
      change: {
        actions: ['update'],
        before: { function_name: 'mover', environment: [{ variables: before }] },
        after: { function_name: 'mover', environment: [{ variables: after }] },
      },
    },
  ],
});

const s3 = mockClient(S3Client);
beforeEach(() => s3.reset());
const reviewed = async (before: Variables, after: Variables) => {
  const plan = planOf({ ...BEFORE, ...before }, { ...BEFORE, ...after });
  return review(plan, {
    account: await askAccount(plan, { s3: () => new S3Client({}), sqs: () => new SQSClient({}) }),
  });
};

const CHANGED = { UPLOAD_PREFIX: 'in/', PROCESSED_PREFIX: 'done/' };

describe('a change of prefixes', () => {
  it('names what it leaves behind, with the number of objects there, as data at risk', async () => {
    s3.on(ListObjectsV2Command, { Bucket: 'our-uploads', Prefix: 'uploads/' }).resolves({
      IsTruncated: false,
      Contents: [{ Key: 'uploads/a' }, { Key: 'uploads/b' }],
    });
    const { markdown, dataAtRisk } = await reviewed({}, CHANGED);

    expect(dataAtRisk).toBe(true);
    expect(markdown).toContain(
      'no longer knows the prefix `"uploads/"`** (2 objects): what lies below it stays there',
    );
    expect(markdown).toContain('list its pair in formerPrefixes');
  });

  it('is named also where the bucket cannot be asked', async () => {
    s3.on(ListObjectsV2Command).rejects(new Error('no credentials'));
    const { markdown, dataAtRisk } = await reviewed({}, CHANGED);

    expect(dataAtRisk).toBe(true);
    expect(markdown).toContain('the bucket could not be asked');
  });

  it('puts nothing at risk where nothing lies below', async () => {
    s3.on(ListObjectsV2Command).resolves({ IsTruncated: false });
    await expect(reviewed({}, CHANGED)).resolves.toMatchObject({ dataAtRisk: false });
  });

  it('puts nothing at risk where a folder marker alone lies below, which is never moved', async () => {
    s3.on(ListObjectsV2Command).resolves({ Contents: [{ Key: 'uploads/', Size: 0 }], IsTruncated: false });
    await expect(reviewed({}, CHANGED)).resolves.toMatchObject({ dataAtRisk: false });
  });

  it.each([
    [
      'the pair stays on the list',
      {},
      { ...CHANGED, ...pairs({ upload: 'uploads/', processed: 'processed/' }) },
    ],
    ['the processed prefix alone changes', {}, { PROCESSED_PREFIX: 'done/' }],
    ['nothing of it changes', {}, { ON_EXISTING: 'keepBoth' }],
  ])('asks nobody where %s', async (_, before, after) => {
    await expect(reviewed(before, after)).resolves.toMatchObject({ dataAtRisk: false });
    expect(s3.calls()).toHaveLength(0);
  });

  it('names a former pair that is taken off the list too early', async () => {
    s3.on(ListObjectsV2Command).resolves({
      Contents: [{ Key: 'old/a' }],
      IsTruncated: true,
      NextContinuationToken: 't',
    });
    const { markdown } = await reviewed(pairs({ upload: 'old/', processed: 'processed/' }), pairs());

    expect(markdown).toContain('no longer knows the prefix `"old/"`** (20 or more objects)');
  });

  it('tells what counts as uploaded in a bucket that is watched as a whole', async () => {
    s3.on(ListObjectsV2Command).resolves({ IsTruncated: false, Contents: [{ Key: 'processed/a' }] });
    const whole = { UPLOAD_PREFIX: '', PROCESSED_PREFIX: 'done/' };
    const { markdown } = await reviewed({}, whole);

    expect(markdown).toContain(
      'no longer knows the prefix `"processed/"`** (1 object): what lies below it counts as uploaded',
    );
  });
});
