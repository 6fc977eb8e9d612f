import type { Settings } from '../../../config/settings';
import { ok, warning, type Check } from './check';

/** GitHub's numbers of a repository and its owner. */
export interface RepositoryIds {
  readonly ownerId: number;
  readonly repositoryId: number;
}

/** The fields of the answer that are read. https://docs.github.com/en/rest/repos/repos#get-a-repository */
interface Repository {
  readonly id: number;
  readonly owner: { readonly id: number };
}

/** Reads GitHub's answer about a repository. */
export function readIds(answer: string): RepositoryIds {
  const { id, owner } = JSON.parse(answer) as Repository;
  return { ownerId: owner.id, repositoryId: id };
}

/**
 * Checks whether the roles trust the tokens that GitHub sends. A repository that was made, renamed or transferred since
 * July 2026 sends its ids; roles that do not know them refuse it.
 * https://docs.github.com/en/actions/reference/security/oidc#immutable-subject-claims
 * @param ask undefined where GitHub cannot be asked
 */
export async function checkGithub(
  { repository, ownerId, repositoryId }: NonNullable<Settings['github']>,
  ask: (repository: string) => Promise<RepositoryIds | undefined>,
): Promise<Check> {
  const what = 'GitHub';
  const asked = await ask(repository);
  const command = `gh api repos/${repository} --jq '{ownerId: .owner.id, repositoryId: .id}'`;
  if (ownerId === undefined || repositoryId === undefined) {
    const set = asked
      ? `github.ownerId: ${asked.ownerId} and github.repositoryId: ${asked.repositoryId}`
      : `github.ownerId and github.repositoryId (${command})`;
    return warning(
      what,
      `${repository}, without its ids`,
      `Tokens of a repository made, renamed or transferred since July 2026 name the ids, and the roles refuse them: set ${set}.`,
    );
  }
  const found = `${repository}, owner ${ownerId}, repository ${repositoryId}`;
  if (asked === undefined) {
    return warning(what, `${found}, not compared`, `GitHub could not be asked. Compare with: ${command}`);
  }
  if (asked.ownerId === ownerId && asked.repositoryId === repositoryId) return ok(what, found);
  return warning(
    what,
    found,
    `GitHub says owner ${asked.ownerId}, repository ${asked.repositoryId}: the roles trust another repository's ids. Set github.ownerId and github.repositoryId to these.`,
  );
}
