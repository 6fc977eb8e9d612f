import { ToolError } from '../../lib/errors';
import { request, type GitHub } from './github';

interface Environment {
  readonly protection_rules?: readonly { readonly type: string }[];
}

/**
 * A job in an environment without required reviewers waits for nobody, and GitHub makes an environment that is missing,
 * without any. https://docs.github.com/en/rest/deployments/environments#get-an-environment
 * @throws {ToolError} where it has none
 */
export async function checkReviewers(props: GitHub & { readonly environment: string }): Promise<void> {
  const { api, repository, environment } = props;
  const url = `${api}/repos/${repository}/environments/${encodeURIComponent(environment)}`;
  const howTo =
    `This plan puts data at risk, or opens something, and must wait for a person: give GitHub's environment ` +
    `${environment} required reviewers (docs/ci.md, "Set up"). Without them, deploy it with your own credentials.`;
  let found: Environment;
  try {
    found = (await request(props, 'GET', url)) as Environment;
  } catch (error) {
    throw new ToolError(`${howTo}\n${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  const has = found.protection_rules?.some(({ type }) => type === 'required_reviewers') ?? false;
  if (!has) throw new ToolError(howTo);
}
