import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { environments } from '../config/environments';

const FOLDER = path.join('.github', 'workflows');
const workflows = readdirSync(FOLDER).map(
  (name) => [name, readFileSync(path.join(FOLDER, name), 'utf8')] as const,
);

/** What the steps run: the rest of the line, or the block below it. */
const scripts = (text: string): string[] =>
  [...text.matchAll(/^( +)(?:- )?run: (\|\n(?:\1 {2}.*\n|\n)+|.*)/gmu)].map(([, , script = '']) => script);

describe.each(workflows)('the workflow %s', (_, text) => {
  it('names every action of others by commit, with its version beside it', () => {
    const uses = [...text.matchAll(/uses: (.*)$/gmu)].map(([, action = '']) => action);
    const foreign = uses.filter((action) => !action.startsWith('./'));

    for (const action of foreign) expect(action).toMatch(/^[\w-]+\/[\w-]+@[\da-f]{40} # v\d+\.\d+\.\d+$/u);
    for (const own of uses.filter((action) => action.startsWith('./'))) expect(existsSync(own)).toBe(true);
  });

  it('may only read unless a job says otherwise', () => {
    expect(text).toMatch(/^permissions:\n {2}contents: read\n$/mu);
  });

  it('never runs a fork’s code with this repository’s rights', () => {
    expect(text).not.toMatch(/pull_request_target|workflow_run/u);
    expect(scripts(text).filter((script) => script.includes('${{'))).toEqual([]); // text of others is no script
  });

  it('leaves no token behind in a checkout', () => {
    const checkouts = text.split('uses: actions/checkout@').slice(1);

    for (const checkout of checkouts) expect(checkout.split('- ')[0]).toContain('persist-credentials: false');
  });

  it('runs only npm scripts and tools that there are', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = [...text.matchAll(/npm run (?:--\S+ )?([\w:-]+)/gu)].map(([, script = '']) => script);
    const tools = [...text.matchAll(/npx tsx (\S+)/gu)].map(([, tool = '']) => tool);

    for (const script of named) expect(scripts).toHaveProperty([script]);
    for (const tool of tools) expect(existsSync(tool)).toBe(true);
  });
});

describe('the workflows together', () => {
  const text = Object.fromEntries(workflows);

  it('ask AWS for credentials only where a pull request is this repository’s own, or on main', () => {
    const asking = workflows.filter(([, all]) => all.includes('id-token: write')).map(([name]) => name);

    expect(asking).toEqual(['deploy-environment.yml', 'deploy.yml', 'diff.yml', 'drift.yml']);
    expect(text['diff.yml']).toContain('head.repo.full_name == github.repository');
    expect(text['deploy.yml']).toMatch(/push:\n {4}branches: \[main\]/u);
    expect(text['drift.yml']).toContain("github.ref == 'refs/heads/main'");
  });

  it('apply nothing that puts data at risk, or opens something, before somebody approved it', () => {
    const all = text['deploy-environment.yml'] ?? '';
    const [, approve = '', apply = ''] = /\n {2}approve:\n([\s\S]*?)\n {2}apply:\n([\s\S]*)/u.exec(all) ?? [];

    expect(all).not.toMatch(/--allow-/u);
    expect(all).toContain('check-reviewers at-risk');
    expect(approve).toMatch(/if: needs\.plan\.outputs\.review == '3'[\s\S]* {4}environment: at-risk\n/u);
    expect(apply).toContain("(needs.approve.result == 'success' || needs.plan.outputs.review == '0')");
    expect(apply).toMatch(/^ {4}needs: \[plan, approve\]$/mu);
  });

  it('deploy the environments that there are, prod after dev', () => {
    const deployed = [...(text['deploy.yml'] ?? '').matchAll(/environment: (\w+)/gu)].map(
      ([, name = '']) => name,
    );

    expect(deployed).toEqual(['dev', 'prod']);
    for (const name of deployed) expect(environments).toHaveProperty(name);
    expect(text['deploy.yml']).toMatch(/prod:\n {4}needs: dev/u);
  });

  it('apply the plan that was reviewed, in the folder that was planned', () => {
    const all = text['deploy-environment.yml'] ?? '';

    expect(all).toContain('run: terraform apply -input=false plan');
    expect(all).toMatch(/apply:\n(?:.*\n)*? {4}environment: \$\{\{ inputs\.environment \}\}/u);
  });

  describe('hand the plan on', () => {
    const all = workflows.find(([name]) => name === 'deploy-environment.yml')?.[1] ?? '';
    const step = (name: string): string =>
      scripts(all.split(`- name: ${name}\n`)[1] ?? '')[0]?.replace(/^\|\n/u, '') ?? '';
    const work = mkdtempSync(path.join(tmpdir(), 'seal-'));
    const [planned, applied] = [path.join(work, 'plan'), path.join(work, 'apply')];
    const stack = path.join(planned, 'stack');
    const run = (script: string, cwd: string, env: Readonly<Record<string, string>>) =>
      spawnSync('bash', ['-eo', 'pipefail', '-c', script], {
        cwd,
        encoding: 'utf8',
        env: { PATH: process.env.PATH, STACK: stack, GITHUB_OUTPUT: path.join(work, 'output'), ...env },
      });

    beforeAll(() => {
      mkdirSync(path.join(stack, '.terraform'), { recursive: true });
      mkdirSync(applied);
      for (const name of ['plan', '.terraform.lock.hcl', path.join('.terraform', 'provider')])
        writeFileSync(path.join(stack, name), `secret of ${name}`);
    });
    afterAll(() => {
      rmSync(work, { recursive: true });
    });

    it('sealed, with the lock file and without the providers', () => {
      expect(run(step('Seal'), planned, { PLAN_KEY: 'key' })).toMatchObject({ status: 0 });
      const sealed = path.join(planned, 'stack.sealed');
      const [, digest = ''] = /digest=(.*)/u.exec(readFileSync(path.join(work, 'output'), 'utf8')) ?? [];
      copyFileSync(sealed, path.join(applied, 'stack.sealed'));

      expect(readFileSync(sealed, 'latin1')).not.toContain('secret');
      expect(run(step('Open'), applied, { PLAN_KEY: 'key', DIGEST: digest })).toMatchObject({ status: 0 });
      expect(readdirSync(path.join(applied, 'stack')).sort()).toEqual(['.terraform.lock.hcl', 'plan']);
      expect(run(step('Open'), applied, { PLAN_KEY: 'other', DIGEST: digest }).status).not.toBe(0);
      writeFileSync(path.join(applied, 'stack.sealed'), 'another');
      expect(run(step('Open'), applied, { PLAN_KEY: 'key', DIGEST: digest }).status).not.toBe(0);
    });

    it('not at all without a key', () => {
      const { status, stdout } = run(step('Seal'), planned, { PLAN_KEY: '' });

      expect(status).toBe(1);
      expect(stdout).toContain('PLAN_KEY is not set');
    });
  });
});
