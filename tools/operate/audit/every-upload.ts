import type { PrefixPair } from '../../../handlers/process-upload/prefixes';
import type { Listed } from './audit';
import type { KeyHistory } from './history';
import { listHistories, type VersionListing } from './list-histories';
import { isNameOf, matchDestinations, type Matched } from './match-destinations';
import { auditPlans } from './plan';

type Bucket = Pick<VersionListing, 'client' | 'bucket' | 'signal'>;

/** Every upload's key below the pairs' upload prefixes, with what its destinations hold. */
export async function* everyUpload({
  pairs,
  ...at
}: Bucket & { readonly pairs: readonly PrefixPair[] }): AsyncGenerator<Listed> {
  for (const { upload, destinations, passOver } of auditPlans(pairs)) {
    const matches = matchDestinations({
      uploads: { prefix: upload, histories: listHistories({ ...at, prefix: upload, passOver }) },
      destinations: destinations.map((prefix) => ({ prefix, histories: listHistories({ ...at, prefix }) })),
    });
    for await (const matched of matches) {
      yield { ...matched, lookAgain: () => destinationsOf(matched, destinations, at) };
    }
  }
}

/** What the destinations of one upload's key hold now: the plain name, and second names. */
async function destinationsOf(
  matched: Matched,
  prefixes: readonly string[],
  at: Bucket,
): Promise<KeyHistory[]> {
  const found: KeyHistory[] = [];
  for (const prefix of prefixes) {
    const plain = prefix + matched.path;
    // Of all names that begin with the plain one, it is the first.
    for await (const history of listHistories({ ...at, prefix: plain })) {
      if (history.key === plain) found.push(history);
      break;
    }
    for await (const history of listHistories({ ...at, prefix: `${plain}.~` })) {
      if (isNameOf(matched, history.key.slice(prefix.length))) found.push(history);
    }
  }
  return found;
}
