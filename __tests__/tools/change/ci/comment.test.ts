import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { comment } from '../../../../tools/change/ci/comment';

interface Stored {
  readonly id: number;
  body: string;
  readonly user: { readonly type: string };
}

/** The comments of one pull request, as far as GitHub's API is used. */
class FakeGitHub {
  readonly comments: Stored[] = [];
  readonly requests: string[] = [];
  authorization: string | undefined;
  private readonly server: Server = createServer((request, response) => {
    void this.answer(request).then(([status, body]) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  add(body: string, type = 'Bot'): void {
    this.comments.push({ id: this.comments.length + 1, body, user: { type } });
  }

  private async answer(request: IncomingMessage): Promise<[number, unknown]> {
    const { method = '', url = '', headers } = request;
    this.requests.push(`${method} ${url}`);
    this.authorization = headers.authorization;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const given =
      chunks.length === 0 ? undefined : (JSON.parse(Buffer.concat(chunks).toString()) as { body: string });
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    if (method === 'GET' && pathname === '/repos/us/ours/issues/7/comments') {
      const [size, page] = [Number(searchParams.get('per_page')), Number(searchParams.get('page'))];
      return [200, this.comments.slice((page - 1) * size, page * size)];
    }
    if (method === 'POST' && pathname === '/repos/us/ours/issues/7/comments' && given) {
      this.add(given.body);
      return [201, {}];
    }
    const edited = this.comments.find(({ id }) => pathname === `/repos/us/ours/issues/comments/${id}`);
    if (method !== 'PATCH' || !edited || !given) return [404, { message: 'Not Found' }];
    edited.body = given.body;
    return [200, {}];
  }
}

describe('the comment of a workflow', () => {
  const github = new FakeGitHub();
  let api = '';
  const put = (body: string, key = 'review-dev', pullRequest = 7) =>
    comment({ api, repository: 'us/ours', token: 'secret', pullRequest, key, body });

  beforeAll(async () => {
    api = await github.start();
  });

  beforeEach(() => {
    github.comments.length = 0;
    github.requests.length = 0;
  });

  afterAll(() => github.stop());

  it('is made once and written over from then on, one for each key', async () => {
    expect(await put('first')).toBe('created');
    expect(await put('of prod', 'review-prod')).toBe('created');
    expect(await put('second')).toBe('updated');

    expect(github.comments.map(({ body }) => body)).toEqual([
      '<!-- review-dev -->\nsecond',
      '<!-- review-prod -->\nof prod',
    ]);
    expect(github.authorization).toBe('Bearer secret');
  });

  it('is found behind a hundred others', async () => {
    for (let index = 0; index < 150; index += 1) github.add(`comment ${index}`);
    github.add('<!-- review-dev -->\nold');

    expect(await put('new')).toBe('updated');
    expect(github.comments).toHaveLength(151);
    expect(github.comments.at(-1)?.body).toBe('<!-- review-dev -->\nnew');
  });

  it('is never one that a person wrote, whatever that starts with', async () => {
    github.add('<!-- review-dev -->\nmine', 'User');

    expect(await put('ours')).toBe('created');
    expect(github.comments[0]?.body).toBe('<!-- review-dev -->\nmine');
  });

  it('fails with what GitHub answered', async () => {
    await expect(put('text', 'review-dev', 8)).rejects.toThrow(/GitHub answered 404 to GET .*Not Found/u);
  });
});
