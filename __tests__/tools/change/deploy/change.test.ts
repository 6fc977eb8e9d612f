import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { change, diff, type ChangeProps } from '../../../../tools/change/deploy/change';
import { ToolError, UsageError } from '../../../../tools/lib/errors';

const folder = mkdtempSync(path.join(tmpdir(), 'deploy-'));
const calls = path.join(folder, 'calls');

/** A plan with something in it, and what comes of it. */
const CHANGES = {
  plan: 'exit 2',
  show: 'echo "Plan: 1 to add"',
  apply: 'echo "Apply complete! Resources: 1 added, 0 changed, 0 destroyed."',
};

/** A Terraform that writes down how it is called, and answers by command as told here; a log to print to. */
function withTerraform(answers: Readonly<Record<string, string>>) {
  const fake = path.join(folder, 'terraform');
  const cases = Object.entries(answers).map(([command, script]) => `${command}) ${script};;`);
  writeFileSync(calls, '');
  writeFileSync(fake, `#!/bin/sh\necho "$@" >> '${calls}'\ncase $1 in\n${cases.join('\n')}\nesac\n`);
  chmodSync(fake, 0o755);
  const printed: string[] = [];
  const props: ChangeProps = {
    root: folder,
    env: { PATH: process.env.PATH },
    output: { write: (text) => printed.push(text) },
    look: ({ env }) => Promise.resolve({ env: { ...env, TERRAFORM_BINARY_NAME: fake } }),
    synthesize: () => Promise.resolve({ folder, warnings: ['Mind the gap.'] }),
    checkTypes: () => () => Promise.resolve(),
  };
  return { props, printed: () => printed.join('') };
}

/** The commands that Terraform was called with. */
const called = (): string[] => readFileSync(calls, 'utf8').trim().split('\n');
const commands = (): (string | undefined)[] => called().map((line) => line.split(' ')[0]);

describe.each(['deploy', 'destroy'] as const)('npm run %s', (action) => {
  it('refuses to begin where it cannot ask', async () => {
    const { props } = withTerraform(CHANGES);

    await expect(change(action, false, props)).rejects.toThrow(UsageError);
    expect(called()).toEqual(['']);
  });

  it('does the plan that it showed, without a question after --yes', async () => {
    const { props, printed } = withTerraform(CHANGES);

    expect(await change(action, true, props)).toBe(true);
    expect(printed()).toMatch(/Plan: 1 to add[\s\S]*Done: 1 added/u);
    expect(called().filter((line) => line.startsWith('apply'))).toEqual([
      'apply -input=false -no-color plan',
    ]);
    expect(called().some((line) => line.includes('-destroy'))).toBe(action === 'destroy');
  });

  it.each([
    ['yes', 'yes', 1],
    ['yes', 'no', 0],
    ['prod', 'yes', 0], // a protected environment
    ['prod', 'prod', 1],
  ])(
    'asks otherwise; where %s is expected and the answer is %s, it applies %p times',
    async (answer, given, times) => {
      const { props, printed } = withTerraform(CHANGES);
      const ask = jest.fn(() => Promise.resolve(given));

      expect(await change(action, false, { ...props, ask, answer })).toBe(times === 1);
      expect(ask).toHaveBeenCalledWith(expect.stringContaining(`dev? Only "${answer}" does it: `));
      expect(commands().filter((command) => command === 'apply')).toHaveLength(times);
      expect(printed().includes('Nothing was changed')).toBe(times === 0);
    },
  );

  it('asks nothing and applies nothing where there is nothing to do', async () => {
    const { props, printed } = withTerraform({ plan: 'exit 0' });
    const ask = jest.fn();

    expect(await change(action, false, { ...props, ask })).toBe(true);
    expect(printed()).toMatch(/Nothing to (change|destroy) in dev/u);
    expect(ask).not.toHaveBeenCalled();
    expect(commands()).not.toContain('apply');
  });

  it.each(['init', 'plan', 'apply'])('tells the error of terraform %s whole', async (command) => {
    const failing = `echo Reading...; printf "Error: no\\n\\n  on cdk.tf.json\\n" >&2; sleep 0.1; exit 1`;
    const { props } = withTerraform({ ...CHANGES, [command]: failing });

    await expect(change(action, true, props)).rejects.toThrow(
      new ToolError(`terraform ${command} failed.\n\nError: no\n\n  on cdk.tf.json`),
    );
  });
});

describe('npm run deploy', () => {
  it('changes nothing where the types do not fit, and does not wait for the plan then', async () => {
    const { props } = withTerraform({ ...CHANGES, plan: 'exec sleep 600' });
    const checkTypes = () => () => Promise.reject(new ToolError('The types do not fit'));

    await expect(change('deploy', true, { ...props, checkTypes })).rejects.toThrow('The types do not fit');
    expect(commands()).not.toContain('apply');
  });

  it('prints what the stack puts out', async () => {
    const { props, printed } = withTerraform({ ...CHANGES, output: 'echo upload_bucket = here' });

    await change('deploy', true, props);

    expect(printed()).toContain('\nupload_bucket = here\n');
  });
});

describe('npm run diff', () => {
  it('shows the plan, what the constructs warn of, and applies nothing', async () => {
    const { props, printed } = withTerraform(CHANGES);

    await diff(props);

    expect(printed()).toMatch(/Warning: Mind the gap\.[\s\S]*Plan: 1 to add/u);
    expect(commands()).toEqual(['init', 'plan', 'show']);
  });

  it('asks Terraform for colours on a terminal only', async () => {
    const { props } = withTerraform(CHANGES);

    await diff({ ...props, output: { write: () => true, isTTY: true } });
    await diff(props);

    expect(called().filter((line) => line.startsWith('show'))).toEqual(['show plan', 'show -no-color plan']);
  });

  it('upgrades the provider where the settings ask for another one than was locked', async () => {
    const { props } = withTerraform({
      init: 'case "$*" in *-upgrade) exit 0;; esac; echo "Error: must use terraform init -upgrade"; exit 1',
    });

    await diff(props);

    expect(commands()).toEqual(['init', 'init', 'plan']);
  });
});
