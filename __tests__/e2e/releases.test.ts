import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { LocalPipeline } from './local-pipeline';

const FUNCTION = 'upload-pipeline-local-invoked';

/** In this order: two versions are deployed, and the newer one is taken back and promoted again. */
describe('a release on this machine', () => {
  let pipeline: LocalPipeline;

  const edit = (file: string, from: string, to: string): void => {
    const whole = path.join(pipeline.root, file);
    const source = readFileSync(whole, 'utf8');
    expect(source).toContain(from);
    writeFileSync(whole, source.replace(from, to));
  };

  const release = (...args: string[]) =>
    pipeline.run('npx', 'tsx', 'tools/operate/release.ts', ...args, '--function', 'invoked');

  const review = () => pipeline.run('npx', 'tsx', 'tools/change/review.ts');

  /** What the function answers by its alias, to someone who asks it for an echo. */
  const answer = async (): Promise<unknown> => {
    const client = new LambdaClient(pipeline.clientConfig);
    const { Payload } = await client.send(
      new InvokeCommand({
        FunctionName: FUNCTION,
        Qualifier: 'live',
        Payload: JSON.stringify({ echo: 'first' }),
      }),
    );
    return (JSON.parse(Payload?.transformToString() ?? 'null') as { echo: unknown }).echo;
  };

  beforeAll(async () => {
    pipeline = await LocalPipeline.inCopy();
    edit('config/environments.ts', 'invoked: { ', 'invoked: { release: { alias: true }, ');
    await pipeline.start();
    edit('handlers/invoked/handle-event.ts', 'const { echo = null, ', 'const { ');
    edit('handlers/invoked/handle-event.ts', 'return { echo, ', "return { echo: 'second', ");
    await pipeline.start();
  });

  afterAll(() => pipeline.end());

  it('is published and answers', async () => {
    const { stdout } = await release('status');

    expect(stdout).toMatch(new RegExp(`^${FUNCTION}:live is version 2\\n`, 'u'));
    expect(stdout).toMatch(/ 2 .* live\n {2}1 /u);
    expect(await answer()).toBe('second');
  });

  it('is taken back: the older version answers, and nothing but the alias has changed', async () => {
    const { stdout } = await release('rollback');

    expect(stdout).toContain('before  version 2\n  after   version 1\n');
    expect(await answer()).toBe('first');
    const { stdout: markdown } = await review();
    expect(markdown).toContain(`### Releases\n\n- \`${FUNCTION}:live\`: version 1 → version 2 (release)\n`);
    expect(markdown).toMatch(/^## Plan for local\n\nno data at risk · 1 release · 1 updated\n/u);
  });

  it('is promoted again, and there is nothing left to deploy', async () => {
    await release('promote');

    expect(await answer()).toBe('second');
    expect((await review()).stdout).toBe('## Plan for local: no changes\n');
  });

  it('is what another function calls', async () => {
    const payload = JSON.stringify({ mode: 'sync', payload: {} });
    const { stdout } = await pipeline.run(
      'npm',
      'run',
      '--silent',
      'invoke',
      '--',
      'caller',
      payload,
      '--json',
    );

    expect(JSON.parse(stdout)).toMatchObject({ answer: { answer: { echo: 'second' } } });
  });
});
