import { ToolError } from '../../lib/errors';

/** A repository on GitHub, and the means to ask about it. */
export interface GitHub {
  /** GitHub's API, e.g. `https://api.github.com`. */
  readonly api: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly token: string;
}

/** @throws {ToolError} with what GitHub answered */
export async function request(
  { token }: Pick<GitHub, 'token'>,
  method: string,
  url: string,
  body?: string,
): Promise<unknown> {
  const response = await fetch(url, {
    method,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${token}`,
      'x-github-api-version': '2022-11-28',
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  if (!response.ok) throw new ToolError(`GitHub answered ${response.status} to ${method} ${url}: ${text}`);
  return JSON.parse(text);
}
