import { existsSync } from 'node:fs';
import { cp, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { buildHandlers } from '../../tools/build/bundle.mjs';
import { timed } from '../lib/command';
import type { BenchContext, Section } from '../lib/section';
import { median, shuffled } from '../lib/statistics';

const ROUNDS = { quick: 3, full: 12 };

interface Program {
  readonly name: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

export const synth: Section = {
  name: 'synth',
  about: 'wall time and memory of a synth, against aws-cdk-lib',
  run: async (context) => {
    const { root, folder, quick, note } = context;
    const programs = await prepare(context);
    const wall = Object.fromEntries(programs.map(({ name }) => [name, [] as number[]]));
    const memory = Object.fromEntries(programs.map(({ name }) => [name, [] as number[]]));
    const rounds = quick ? ROUNDS.quick : ROUNDS.full;
    // The first round fills the file cache, and is not counted.
    for (let round = 0; round <= rounds; round += 1) {
      note(`round ${round} of ${rounds}`);
      for (const { name, args, env } of shuffled(programs)) {
        const { wallMs, peakMb } = await timed(process.execPath, args, { root, env });
        if (round === 0) continue;
        wall[name]?.push(wallMs);
        if (peakMb !== undefined) memory[name]?.push(peakMb);
      }
    }
    const slow = quick ? [] : await wholeCommands(context);
    const middle = (samples: typeof wall, name: string): number => median(samples[name] ?? []);
    const resources = await Promise.all([
      ourResources(folder, 'uploads.out'),
      ourResources(folder, 'every-option.out'),
      cdkResources(folder),
    ]);
    return {
      title: 'Synth',
      measurements: [
        { what: 'wall time', unit: 'ms', samples: wall },
        { what: 'peak memory', unit: 'MB', samples: memory },
        ...slow,
      ],
      ratios: [
        {
          what: 'aws-cdk-lib / the uploads alone, wall time',
          value: middle(wall, CDK) / middle(wall, UPLOADS),
          target: { least: 6 },
        },
        {
          what: 'every option as cdktf runs it, wall time, s',
          value: middle(wall, EVERY) / 1000,
          target: { most: NODE_MAJOR >= 22 ? 0.3 : 0.4 },
        },
        { what: 'every option as cdktf runs it, MB', value: middle(memory, EVERY), target: { most: 100 } },
      ],
      notes: [
        `Resources: ${resources[0]} of the uploads alone and ${resources[1]} with every option on, in Terraform's JSON;`,
        `${resources[2]} of aws-cdk-lib, in CloudFormation's template. Every option: what \`cdktf synth\` starts, after a first`,
        'synth of the same sources, which bundled app and handlers. aws-cdk-lib gets the handler bundled.',
      ],
    };
  },
};

const NODE_MAJOR = Number(process.versions.node.split('.')[0]);
const UPLOADS = 'the uploads alone';
const EVERY = 'every option';
const CDK = 'aws-cdk-lib';

async function prepare(context: BenchContext): Promise<Program[]> {
  const { root, folder } = context;
  // Inside the project: its packages are found from there.
  const apps = path.join(root, 'dist', 'bench');
  await build({
    absWorkingDir: root,
    entryPoints: ['bench/apps/uploads.ts'],
    outdir: apps,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
  });
  await buildHandlers({ root });
  const cdk = await ensureCdk(context);
  const program = (name: string, file: string): Program => ({
    name,
    args: [path.join(apps, `${file}.js`)],
    env: { CDKTF_OUTDIR: path.join(folder, `${file}.out`) },
  });
  return [
    program(UPLOADS, 'uploads'),
    {
      name: EVERY,
      args: [path.join('bench', 'apps', 'every-option.mjs')],
      env: { CDKTF_OUTDIR: path.join(folder, 'every-option.out') },
    },
    {
      name: CDK,
      args: [path.join(cdk, 'app.mjs'), path.join(root, 'dist', 'handlers', 'process-upload')],
      env: { CDK_OUTDIR: path.join(folder, 'cdk.out') },
    },
  ];
}

/** Installs the reference's own packages, from its lock file, where the project's are not touched. */
async function ensureCdk({ root, folder, note }: BenchContext): Promise<string> {
  const cdk = path.join(folder, 'cdk');
  await mkdir(cdk, { recursive: true });
  const [source, there] = [path.join(root, 'bench', 'reference', 'cdk'), path.join(cdk, 'package-lock.json')];
  const lock = await readFile(path.join(source, 'package-lock.json'), 'utf8');
  const installed =
    existsSync(path.join(cdk, 'node_modules', 'aws-cdk-lib')) &&
    (await readFile(there, 'utf8').catch(() => '')) === lock;
  await cp(path.join(source, 'app.mjs'), path.join(cdk, 'app.mjs'));
  if (installed) return cdk;
  note('installing aws-cdk-lib into .local/bench/cdk');
  await cp(path.join(source, 'package.json'), path.join(cdk, 'package.json'));
  await cp(path.join(source, 'package-lock.json'), there);
  await timed('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { root, cwd: cdk });
  return cdk;
}

/** What takes long enough for one run to say enough. */
async function wholeCommands({ root, note }: BenchContext) {
  const bin = (name: string) => path.join(root, 'node_modules', '.bin', name);
  const commands: [string, string, string[]][] = [
    ['cdktf synth, whole', bin('cdktf'), ['synth', '--output', '.local/bench/synth.out']],
    ['unit tests, one file', bin('jest'), ['__tests__/constructs/uploads/own-bucket.test.ts']],
  ];
  const measurements = [];
  for (const [what, command, args] of commands) {
    note(what);
    const { wallMs } = await timed(command, args, { root, env: { CHECKPOINT_DISABLE: '1', CI: '1' } });
    measurements.push({ what, unit: 's', samples: { once: [wallMs / 1000] } });
  }
  return measurements;
}

async function ourResources(folder: string, out: string): Promise<number> {
  const file = path.join(folder, out, 'stacks', 'upload-pipeline', 'cdk.tf.json');
  const { resource } = JSON.parse(await readFile(file, 'utf8')) as { resource: Record<string, object> };
  return Object.values(resource).reduce((sum, named) => sum + Object.keys(named).length, 0);
}

async function cdkResources(folder: string): Promise<number> {
  const file = path.join(folder, 'cdk.out', 'UploadPipeline.template.json');
  const { Resources } = JSON.parse(await readFile(file, 'utf8')) as { Resources: object };
  return Object.keys(Resources).length;
}
