import { messageOf } from '../../../lib/errors';
import { failure, ok, warning, type Check } from '../check';
import type { BucketCalls } from './facts';
import { checkLifecycle } from './lifecycle';
import { checkNotifications } from './notifications';
import { checkPlace } from './place';
import { refusalsOf, type Refusal } from './policy';
import type { Wanted } from './wanted';

/**
 * Looks at the bucket that the pipeline is to use, and changes nothing.
 * @param account the pipeline's, where it is known
 */
export async function checkBucket(wanted: Wanted, calls: BucketCalls, account?: string): Promise<Check[]> {
  const place = await checkPlace(wanted, calls);
  if (place.level === 'failure') return [place];
  const looked = await Promise.all([
    look('Versions', 's3:GetBucketVersioning', calls.versioning, (now) => [checkVersions(wanted, now)]),
    look('EventBridge', 's3:GetBucketNotification', calls.notifications, (now) =>
      checkNotifications(wanted, now),
    ),
    look('Bucket policy', 's3:GetBucketPolicy', calls.policy, (now) => [checkPolicy(wanted, now, account)]),
    look('Bucket key', 's3:GetEncryptionConfiguration', calls.key, (now) => [checkKey(wanted, now)]),
    look('Object Lock', 's3:GetBucketObjectLockConfiguration', calls.locks, (now) => [checkLock(now)]),
    look('Requester pays', 's3:GetBucketRequestPayment', calls.requesterPays, (now) => [checkPayer(now)]),
    look('Lifecycle', 's3:GetLifecycleConfiguration', calls.lifecycle, (now) => [
      checkLifecycle(wanted, now),
    ]),
  ]);
  return [place, ...looked.flat()];
}

/** One look; who may not look learns which permission it takes, and the other looks go on. */
async function look<Fact>(
  what: string,
  permission: string,
  ask: () => Promise<Fact>,
  judge: (fact: Fact) => Check[],
): Promise<Check[]> {
  let fact: Fact;
  try {
    fact = await ask();
  } catch (error) {
    return [
      warning(
        what,
        `could not be read (${messageOf(error)})`,
        `Allow yourself ${permission}, or ask the owner.`,
      ),
    ];
  }
  return judge(fact);
}

function checkVersions({ name, versioned, replaces }: Wanted, now: string | undefined): Check {
  const what = 'Versions';
  const found = now === 'Enabled' ? 'kept' : now === 'Suspended' ? 'no longer kept' : 'never kept';
  if (now === 'Enabled') {
    return versioned
      ? ok(what, found)
      : warning(what, found, 'Set bucket.existing.versioned to true, as the bucket has it.');
  }
  if (!versioned) return ok(what, found);
  const lost = replaces ? ', and onExisting replace would lose what it replaces' : '';
  return failure(
    what,
    `${found}, although bucket.existing.versioned is true${lost}`,
    [
      'npm run doctor -- --apply-bucket turns versions on, for the whole bucket; or set versioned to false and onExisting to keepBoth. By hand:',
      `aws s3api put-bucket-versioning --bucket ${name} --versioning-configuration Status=Enabled`,
    ].join('\n    '),
  );
}

function checkPolicy(wanted: Wanted, policy: string | undefined, account: string | undefined): Check {
  const what = 'Bucket policy';
  if (policy === undefined) return ok(what, 'none');
  const refusals = refusalsOf(policy, wanted, account);
  if (refusals.length === 0) return ok(what, 'refuses the pipeline nothing');
  const found = refusals
    .map(({ statement, what: actions, verdict, keys }) => {
      const by = keys.length === 0 ? '' : ` by ${keys.join(', ')}`;
      return `${statement} ${verdict === 'refused' ? 'refuses' : 'may refuse'} ${actions.join(', ')}${by}`;
    })
    .join('; ');
  const ways = refusals.map((refusal) => `${refusal.statement}: ${wayIn(refusal, wanted)}`).join(' ');
  return refusals.some(({ verdict }) => verdict === 'refused')
    ? failure(what, found, ways)
    : warning(what, found, ways);
}

function wayIn({ keys, verdict }: Refusal, { roles }: Wanted): string {
  const named = roles.map((role) => `arn:aws:iam::ACCOUNT:role/${role}`).join(' and ');
  if (keys.some((key) => key.toLowerCase().startsWith('s3:x-amz-server-side-encryption'))) {
    return 'a move names no encryption and takes the bucket’s default. Let it refuse only what names another, with "Null": {"s3:x-amz-server-side-encryption": "false"} as a further condition; what refuses all that name none has to go.';
  }
  if (verdict === 'refused' && keys.length === 0) return `take ${named} out of the principals that it means.`;
  return `except ${named}, as a condition on aws:PrincipalArn (ArnNotLike).`;
}

function checkKey({ kmsKeyArn }: Wanted, now: string | undefined): Check {
  const what = 'Bucket key';
  if (now === undefined) {
    return kmsKeyArn === undefined
      ? ok(what, 'S3’s own')
      : warning(what, 'S3’s own', 'bucket.existing.kmsKeyArn is needed only for objects that name that key.');
  }
  if (now === 'aws/s3' || now.endsWith(':alias/aws/s3')) return ok(what, 'the account’s key for S3');
  // A bucket may name its key by id.
  if (kmsKeyArn !== undefined && (now === kmsKeyArn || kmsKeyArn.endsWith(`:key/${now}`))) {
    return ok(what, `${now}; its policy may need the output bucket_key_policy`);
  }
  return failure(
    what,
    `${now}, and the settings name ${kmsKeyArn ?? 'none'}`,
    'Set bucket.existing.kmsKeyArn to the ARN of that key: without it the functions may neither read nor write objects.',
  );
}

/** A delete of the newest version only sets a marker, so a move works; what it leaves behind stays retained. */
const checkLock = (locks: boolean): Check =>
  locks
    ? warning(
        'Object Lock',
        'retains every new object',
        'A moved upload stays as an older version until its retention ends, and is paid for; so does each note of the sweep.',
      )
    : ok('Object Lock', 'retains nothing by default');

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/ObjectsinRequesterPaysBuckets.html */
const checkPayer = (requesterPays: boolean): Check =>
  requesterPays
    ? warning(
        'Requester pays',
        'on',
        'Nothing to do for the pipeline, which is of the owner’s account; uploads from other accounts must accept the cost.',
      )
    : ok('Requester pays', 'off');
