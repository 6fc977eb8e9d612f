import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { terraform } from '../../../../tools/change/deploy/terraform';

const folder = mkdtempSync(path.join(tmpdir(), 'terraform-'));

/** Runs a shell script in Terraform's place. */
function run(script: string, onLine?: (line: string) => void) {
  const fake = path.join(folder, 'terraform');
  writeFileSync(fake, `#!/bin/sh\n${script}\n`);
  chmodSync(fake, 0o755);
  return terraform(['apply'], {
    folder,
    env: { PATH: process.env.PATH, TERRAFORM_BINARY_NAME: fake },
    ...(onLine && { onLine }),
  });
}

describe('terraform', () => {
  it('gives the exit code and all that was printed, from the stack’s folder', async () => {
    await expect(run('pwd; echo no >&2; exit 3')).resolves.toEqual({
      code: 3,
      output: expect.stringMatching(new RegExp(`^(${folder}\nno|no\n${folder})$`, 'u')) as string,
    });
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'passes %s on as an interrupt, and waits until the state is written',
    async (signal) => {
      const applying = 'trap "echo state written; exit 1" INT; echo applying; while :; do sleep 0.05; done';

      const ran = await run(applying, (line) => {
        if (line === 'applying') process.emit(signal);
      });

      expect(ran).toEqual({ code: 1, output: 'applying\nstate written' });
      expect(process.listenerCount(signal)).toBe(0);
    },
  );

  it('fails where there is no such program', async () => {
    const props = { folder, env: { TERRAFORM_BINARY_NAME: '/nowhere/terraform' } };

    await expect(terraform([], props)).rejects.toThrow('ENOENT');
  });
});
