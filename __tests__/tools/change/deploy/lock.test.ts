import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Progress } from '../../../../tools/lib/progress';
import { Stack } from '../../../../tools/change/deploy/stack';
import { LOCK, lockFor, mergeLocks, placeLock } from '../../../../tools/change/deploy/lock';

const block = (name: string, version: string): string => `provider "registry.terraform.io/hashicorp/${name}" {
  version     = "${version}"
  constraints = "~> ${version}"
  hashes = [
    "h1:${name}=",
    "zh:0123",
  ]
}`;

const BOTH = `# Terraform's own words.\n\n${block('archive', '2.8.0')}\n\n${block('aws', '6.60.0')}\n`;

describe('the lock file of the providers', () => {
  it('keeps what another environment needs, and takes what was locked now', () => {
    const merged = mergeLocks(BOTH, block('aws', '6.61.0'));

    expect(merged).toContain(block('archive', '2.8.0'));
    expect(merged).toContain(block('aws', '6.61.0'));
    expect(merged).not.toContain('6.60.0');
    expect(mergeLocks(merged, block('aws', '6.61.0'))).toBe(merged);
  });

  // Terraform refuses a read-only lock file with a provider that the stack does not require.
  it('goes to a stack with the providers that it requires, and no others', () => {
    expect(lockFor(BOTH, ['hashicorp/aws'])).toContain(block('aws', '6.60.0'));
    expect(lockFor(BOTH, ['hashicorp/aws'])).not.toContain('archive');
  });

  const place = (committed: string | undefined, providers: readonly string[]) => {
    const [root, folder] = [
      mkdtempSync(path.join(tmpdir(), 'lock-')),
      mkdtempSync(path.join(tmpdir(), 'stack-')),
    ];
    if (committed !== undefined) writeFileSync(path.join(root, LOCK), committed);
    const required = Object.fromEntries(providers.map((name) => [name, { source: `hashicorp/${name}` }]));
    writeFileSync(
      path.join(folder, 'cdk.tf.json'),
      JSON.stringify({ terraform: { required_providers: required } }),
    );
    return { placed: placeLock(root, folder), file: path.join(folder, LOCK) };
  };

  it('is put beside the JSON of a stack', () => {
    const { placed, file } = place(BOTH, ['aws']);

    expect(placed).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe(lockFor(BOTH, ['hashicorp/aws']));
  });

  it.each([
    ['where none is committed', undefined, ['aws']],
    ['where it does not name every provider', block('aws', '6.60.0'), ['archive', 'aws']],
  ])('locks nothing %s', (_, committed, providers) => {
    expect(place(committed, providers).placed).toBe(false);
  });
});

describe('a stack whose providers are locked', () => {
  /** A Terraform that writes down how it is called, and answers as told here. */
  function prepare(script: string, committed = BOTH) {
    const [root, folder] = [
      mkdtempSync(path.join(tmpdir(), 'lock-')),
      mkdtempSync(path.join(tmpdir(), 'stack-')),
    ];
    const [calls, fake] = [path.join(root, 'calls'), path.join(root, 'terraform')];
    writeFileSync(fake, `#!/bin/sh\necho "$@" >> '${calls}'\n${script}\n`);
    chmodSync(fake, 0o755);
    if (committed !== '') writeFileSync(path.join(root, LOCK), committed);
    writeFileSync(
      path.join(folder, 'cdk.tf.json'),
      JSON.stringify({ terraform: { required_providers: { aws: { source: 'hashicorp/aws' } } } }),
    );
    const props = {
      root,
      env: { PATH: process.env.PATH },
      progress: new Progress({ write: () => undefined }),
      look: () => Promise.resolve({ env: { PATH: process.env.PATH, TERRAFORM_BINARY_NAME: fake } }),
      synthesize: () => Promise.resolve({ folder, warnings: [] }),
    };
    return { props, folder, called: () => readFileSync(calls, 'utf8').trim().split('\n') };
  }

  it('takes these, and writes no others down', async () => {
    const { props, folder, called } = prepare('exit 0');
    await Stack.prepare(props);

    expect(called()).toEqual(['init -input=false -no-color -lockfile=readonly']);
    expect(readFileSync(path.join(folder, LOCK), 'utf8')).toContain(block('aws', '6.60.0'));
  });

  it('takes no newer ones in silence where it wants others: the error names the one command', async () => {
    const { props, called } = prepare('echo "Error: use terraform init -upgrade"; exit 1');

    await expect(Stack.prepare(props)).rejects.toThrow(
      /are locked \(\.terraform\.lock\.hcl\)[^]*`npm run lock`/u,
    );
    expect(called()).toHaveLength(1);
  });

  it('upgrades as before where nothing is locked', async () => {
    const script =
      'case "$*" in *-upgrade*) exit 0;; esac; echo "Error: use terraform init -upgrade"; exit 1';
    const { props, called } = prepare(script, '');
    await Stack.prepare(props);

    expect(called()).toEqual(['init -input=false -no-color', 'init -input=false -no-color -upgrade']);
  });

  it('is locked for every platform that people use, by Terraform itself', async () => {
    const { props, folder, called } = prepare(`[ "$1" = providers ] && echo made > ${LOCK}; exit 0`);
    const stack = await Stack.prepare({ ...props, init: false });

    await expect(stack.lockProviders(['linux_amd64', 'darwin_arm64'], '/mirror')).resolves.toBe('made\n');
    expect(called()).toEqual([
      'providers lock -fs-mirror=/mirror -platform=linux_amd64 -platform=darwin_arm64',
    ]);
    expect(readFileSync(path.join(folder, LOCK), 'utf8')).toBe('made\n');
  });
});
