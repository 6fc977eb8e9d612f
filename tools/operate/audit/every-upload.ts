import type { PrefixPair } from '../../../handlers/process-upload/prefixes';
import { listHistories, type VersionListing } from './list-histories';
import { matchDestinations, type Matched } from './match-destinations';
import { auditPlans } from './plan';

/** Every upload's key below the pairs' upload prefixes, with what its destinations hold. */
export async function* everyUpload({
  pairs,
  ...at
}: Pick<VersionListing, 'client' | 'bucket' | 'signal'> & {
  readonly pairs: readonly PrefixPair[];
}): AsyncGenerator<Matched> {
  for (const { upload, destinations, passOver } of auditPlans(pairs)) {
    yield* matchDestinations({
      uploads: { prefix: upload, histories: listHistories({ ...at, prefix: upload, passOver }) },
      destinations: destinations.map((prefix) => ({ prefix, histories: listHistories({ ...at, prefix }) })),
    });
  }
}
