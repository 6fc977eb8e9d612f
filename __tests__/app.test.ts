import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const SOURCES = [
  'cdktf.json',
  'config',
  'constructs',
  'handlers',
  'main.ts',
  'package.json',
  'stacks',
  'tools',
];

/** The project's sources in a folder of their own, as a clone would have them. */
function checkout(): string {
  const folder = path.join(mkdtempSync(path.join(tmpdir(), 'checkout-')), 'a folder');
  for (const source of [...SOURCES, 'tsconfig.json']) {
    cpSync(source, path.join(folder, source), { recursive: true });
  }
  symlinkSync(path.resolve('node_modules'), path.join(folder, 'node_modules'));
  return folder;
}

/** Runs what cdktf runs, in that folder, under that environment and umask. */
function synth(folder: string, env: NodeJS.ProcessEnv, umask = '022', program = 'app') {
  return spawnSync('sh', ['-c', `umask ${umask} && node tools/build/${program}.mjs`], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, ...env },
  });
}

/** Every file of a folder with its bytes. */
function contents(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    files
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [path.relative(folder, file), readFileSync(file).toString('base64')]),
  );
}

/** As if the files had been checked out long ago. */
function backdate(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true })) {
    utimesSync(path.join(folder, String(entry)), 946_684_800, 946_684_800);
  }
}

/** As if the clock, as far as Node.js tells it, were at another day. */
function anotherDay(folder: string): NodeJS.ProcessEnv {
  const file = path.join(folder, '..', 'another-day.cjs');
  writeFileSync(
    file,
    `const Real = Date;
    const ahead = 40 * 86_400_000;
    globalThis.Date = class extends Real {
      constructor(...given) { if (given.length === 0) super(Real.now() + ahead); else super(...given); }
      static now() { return Real.now() + ahead; }
    };`,
  );
  return { NODE_OPTIONS: `--require ${JSON.stringify(file)}` };
}

describe('the app command', () => {
  it.each([
    ['dev', {}, '../../../terraform.dev.tfstate'],
    ['prod', {}, '../../../terraform.prod.tfstate'],
    ['local', { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' }, '../../../.local/terraform.tfstate'],
  ])(
    'gives the same bytes for %s in two folders, time zones and umasks, on two days, without a path of this machine',
    (name, env, state) => {
      const [one, other] = [checkout(), checkout()];
      backdate(path.join(other, 'handlers'));

      const first = synth(one, { ...env, PIPELINE_ENV: name, TZ: 'UTC' });
      const second = synth(
        other,
        { ...env, PIPELINE_ENV: name, TZ: 'Asia/Tokyo', ...anotherDay(other) },
        '077',
      );

      expect([first.status, first.stderr]).toEqual([0, '']);
      expect([second.status, second.stderr]).toEqual([0, '']);
      expect([...contents(path.join(one, 'cdktf.out')).keys()]).toContain(
        'stacks/upload-pipeline/cdk.tf.json',
      );
      expect(contents(path.join(other, 'cdktf.out'))).toEqual(contents(path.join(one, 'cdktf.out')));
      expect(contents(path.join(other, 'dist', 'packages'))).toEqual(
        contents(path.join(one, 'dist', 'packages')),
      );
      const json = readFileSync(path.join(one, 'cdktf.out/stacks/upload-pipeline/cdk.tf.json'), 'utf8');
      expect(json).not.toContain(tmpdir());
      expect(JSON.parse(json)).toMatchObject({ terraform: { backend: { local: { path: state } } } });
    },
  );

  it('gives the same package after a change of comments, and another one after a change of code', () => {
    const folder = checkout();
    const handler = path.join(folder, 'handlers', 'process-upload', 'index.ts');
    const packages = (): Map<string, string> => {
      expect(synth(folder, {}, '022', 'build').status).toBe(0);
      return contents(path.join(folder, 'dist', 'packages'));
    };
    const before = packages();
    const source = readFileSync(handler, 'utf8');

    writeFileSync(handler, `// A remark.\n/* Another one. */\n\n${source}\n/** And a last one. */\n`);
    expect(packages()).toEqual(before);

    writeFileSync(handler, `${source}\nconsole.log('changed');\n`);
    const after = packages();
    expect([...after].filter(([name, zip]) => before.get(name) !== zip).map(([name]) => name)).toEqual([
      'process-upload.zip',
    ]);
  });

  it('builds once, gives the same bytes again, and those that the packages give without a bundle', () => {
    const folder = checkout();
    const json = () => contents(path.join(folder, 'cdktf.out'));
    expect([synth(folder, {}).status, synth(folder, {}).stderr]).toEqual([0, '']);
    const bundled = json();
    const built = statSync(path.join(folder, 'dist/app/main.js')).mtimeMs;

    expect(synth(folder, {})).toMatchObject({ status: 0, stderr: '' });
    expect(json()).toEqual(bundled);
    expect(statSync(path.join(folder, 'dist/app/main.js')).mtimeMs).toBe(built);

    const plain = ['--bundle', '--platform=node', '--packages=external', '--outfile=dist/plain.js'];
    execFileSync('node_modules/.bin/esbuild', ['main.ts', ...plain, '--log-level=error'], { cwd: folder });
    rmSync(path.join(folder, 'cdktf.out'), { recursive: true });
    execFileSync(process.execPath, ['dist/plain.js'], { cwd: folder });
    expect(json()).toEqual(bundled);
  });

  it('names the place in the source where the app fails', () => {
    const folder = checkout();
    const file = path.join(folder, 'stacks/pipeline-stack.ts');
    writeFileSync(file, `${readFileSync(file, 'utf8')}\nthrow new Error('broken');\n`);
    const line = readFileSync(file, 'utf8').trimEnd().split('\n').length;

    const { status, stderr } = synth(folder, {});

    expect(status).toBe(1);
    expect(stderr).toMatch(/^Error: broken\n/u);
    expect(stderr).toContain(`${file}:${line}:7`);
  });

  it('stops at an unknown environment with the known ones, and no stack trace', () => {
    const { status, stderr } = synth(checkout(), { PIPELINE_ENV: 'staging' });

    expect(status).toBe(1);
    expect(stderr.trim()).toBe(
      'PIPELINE_ENV: got "staging"; known environments are local, dev, prod (config/environments.ts).',
    );
  });

  it('loads no binding’s package root', () => {
    const roots = /from '@cdktf\/provider-(aws|archive)'/u;
    const sources = execFileSync(
      'grep',
      ['-rhE', "from '@cdktf/", 'config', 'constructs', 'stacks', 'main.ts'],
      {
        encoding: 'utf8',
      },
    );

    expect(sources).not.toMatch(roots);
    expect(sources).toContain("from '@cdktf/provider-aws/lib/");
  });
});
