import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { main } from '../../../tools/change/ci';
import { MINIMAL, synthPipeline } from '../../support/synth';
import { runMain } from '../../support/tool';

/** Runs the tool of the workflows, without anything that GitHub sets. */
const ci = (...args: string[]) => runMain(main, args, {});

function stack(state: NonNullable<Parameters<typeof synthPipeline>[0]>['state']): string {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'ci-')), 'cdk.tf.json');
  writeFileSync(file, synthPipeline({ ...MINIMAL, state }));
  return file;
}

describe('tools/change/ci.ts', () => {
  it('refuses a state that is lost with the runner, and says what is expected', async () => {
    await expect(ci('check-state', stack({ type: 'local' }))).resolves.toMatchObject({
      status: 1,
      stderr: expect.stringContaining("Expected state: { type: 's3', … }") as string,
    });
    await expect(
      ci('check-state', stack({ type: 's3', bucket: 'ours', region: 'eu-west-1' })),
    ).resolves.toMatchObject({
      status: 0,
      stderr: '',
    });
  });

  it.each([
    [['comment', '--pull-request', '1', '--key', 'k', 'help'], 1, 'GITHUB_REPOSITORY is not set.'],
    [['comment', '--pull-request', '1', '--key', 'a b', 'help'], 2, '--key: got "a b"'],
    [['check-reviewers', 'at-risk'], 1, 'GITHUB_REPOSITORY is not set.'],
    [['coment', 'help'], 2, 'Expected comment, check-state or check-reviewers; got coment.'],
    [[], 2, 'Expected a command and one file.'],
  ])('refuses %j with exit code %p', async (args, status, message) => {
    await expect(ci(...args)).resolves.toMatchObject({
      status,
      stderr: expect.stringContaining(message) as string,
    });
  });
});
