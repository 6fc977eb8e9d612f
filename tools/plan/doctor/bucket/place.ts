import { messageOf } from '../../../lib/errors';
import { failure, ok, warning, type Check } from '../check';
import type { BucketCalls } from './facts';
import type { Wanted } from './wanted';

/** Checks that the bucket is there, in the stack's region and account. */
export async function checkPlace({ name, region }: Wanted, calls: BucketCalls): Promise<Check> {
  const what = 'Bucket';
  try {
    const { region: where = region } = await calls.head();
    if (where !== region) return elsewhere(name, where, region);
    return await checkOwner({ name, region }, calls);
  } catch (error) {
    const { $metadata, $response } = error as {
      $metadata?: { httpStatusCode?: number };
      $response?: { headers?: Readonly<Record<string, string>> };
    };
    // S3 answers 301, or 400 where the signature names the wrong region.
    const where = $response?.headers?.['x-amz-bucket-region'] ?? region;
    if (where !== region) return elsewhere(name, where, region);
    switch ($metadata?.httpStatusCode) {
      case 404:
        return failure(
          what,
          `${name} does not exist`,
          'Correct bucket.existing.name; to have the stack make a bucket, leave bucket.existing out.',
        );
      case 403:
        return failure(
          what,
          `${name} refuses you`,
          'It is another account’s, or you lack s3:ListBucket there: without it nobody can look.',
        );
      default:
        return failure(
          what,
          `${name} does not answer (${messageOf(error)})`,
          'Check credentials and network.',
        );
    }
  }
}

async function checkOwner(
  { name, region }: Pick<Wanted, 'name' | 'region'>,
  { isOurs }: BucketCalls,
): Promise<Check> {
  const what = 'Bucket';
  const found = `${name}, in ${region}`;
  const needed = 'EventBridge tells of its objects in its owner’s account only';
  try {
    if (await isOurs()) return ok(what, found);
  } catch (error) {
    const wayOut = `${needed}: make sure that it is this one’s, or allow yourself s3:ListAllMyBuckets.`;
    return warning(what, `${found}; whose it is could not be read (${messageOf(error)})`, wayOut);
  }
  return failure(
    what,
    `${name} is no bucket of this account`,
    `${needed}: deploy there, or use a bucket of this account.`,
  );
}

/** Functions, rule and events have to be in the bucket's region. */
const elsewhere = (name: string, where: string, region: string): Check =>
  failure(
    'Bucket',
    `${name} is in ${where}, the stack in ${region}`,
    `Set region to ${where}: EventBridge tells of objects only in their bucket’s region.`,
  );
