import { request, type GitHub } from './github';

export interface CommentProps extends GitHub {
  readonly pullRequest: number;
  /** Identifies this comment: letters, digits and hyphens. */
  readonly key: string;
  readonly body: string;
}

interface Comment {
  readonly id: number;
  readonly body?: string;
  readonly user?: { readonly type?: string } | null;
}

const PAGE = 100;

/**
 * Creates a comment on a pull request, or replaces its earlier one.
 * https://docs.github.com/en/rest/issues/comments
 * @returns whether it replaced one
 * @throws {ToolError} with what GitHub answered
 */
export async function comment(props: CommentProps): Promise<'created' | 'updated'> {
  const { api, repository, pullRequest, key, body } = props;
  const marker = `<!-- ${key} -->`;
  const comments = `${api}/repos/${repository}/issues`;
  const existing = await find(props, `${comments}/${pullRequest}/comments`, marker);
  const text = JSON.stringify({ body: `${marker}\n${body}` });
  if (existing === undefined) {
    await request(props, 'POST', `${comments}/${pullRequest}/comments`, text);
    return 'created';
  }
  await request(props, 'PATCH', `${comments}/comments/${existing.id}`, text);
  return 'updated';
}

/** Only a bot's comment that starts with the marker; any user can write the marker into a comment. */
async function find(props: CommentProps, url: string, marker: string): Promise<Comment | undefined> {
  for (let page = 1; ; page += 1) {
    const comments = (await request(
      props,
      'GET',
      `${url}?per_page=${PAGE}&page=${page}`,
    )) as readonly Comment[];
    const found = comments.find(({ body, user }) => user?.type === 'Bot' && body?.startsWith(marker));
    if (found !== undefined || comments.length < PAGE) return found;
  }
}
