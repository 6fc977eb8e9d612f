import type { Settings } from '../../../config/settings';
import { messageOf } from '../../lib/errors';
import { failure, ok, warning, type Check } from './check';

/** The calls to the state's bucket. */
export interface StateBucket {
  /** Fails if the bucket does not exist or access is denied. */
  readonly head: () => Promise<unknown>;
  /** e.g. `Enabled`; undefined if versioning was never set. */
  readonly versioning: () => Promise<string | undefined>;
}

/** Checks the place of Terraform's state. */
export async function checkState(state: Settings['state'], bucket: StateBucket): Promise<Check> {
  const what = 'State';
  if (state.type === 'local') return ok(what, `the file ${state.path}, on this machine only`);
  const name = `the bucket ${state.bucket}`;
  try {
    await bucket.head();
    if ((await bucket.versioning()) === 'Enabled') return ok(what, name);
    return warning(what, `${name}, without versions`, versionIt(state.bucket));
  } catch (error) {
    const { name: code, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
    switch ($metadata?.httpStatusCode) {
      case 404:
        return failure(
          what,
          `${name} does not exist`,
          `Make it once: aws s3 mb s3://${state.bucket} --region ${state.region}. Then ${versionIt(state.bucket)}`,
        );
      case 301:
        return failure(what, `${name} is in another region`, 'Set state.region to the bucket’s own.');
      case 403:
        return failure(
          what,
          `${name} refuses you`,
          'It belongs to another account, or you need s3:ListBucket, s3:GetObject, s3:PutObject and s3:DeleteObject there.',
        );
      default:
        return failure(
          what,
          `${name} does not answer (${code ?? 'Error'}: ${messageOf(error)})`,
          'Check credentials, state.region and the network.',
        );
    }
  }
}

const versionIt = (bucket: string): string =>
  `aws s3api put-bucket-versioning --bucket ${bucket} --versioning-configuration Status=Enabled keeps every older state.`;
