import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { LocalPipeline } from './local-pipeline';
import { RELEASES, turnBackTo, turnForward } from './previous-configuration';

const STACK = path.join('cdktf.out', 'stacks', 'upload-pipeline');

/** In this order: what a release had is deployed, and then what the sources say today, from another folder. */
describe('an upgrade from the last release', () => {
  let pipeline: LocalPipeline;
  const elsewhere = mkdtempSync(path.join(os.tmpdir(), 'another machine '));

  beforeAll(async () => {
    pipeline = await LocalPipeline.inCopy();
    turnBackTo(RELEASES.at(-1) ?? 'none', pipeline.root);
    await pipeline.start();
    turnForward(pipeline.root);
  });

  afterAll(async () => {
    await pipeline.end();
    rmSync(elsewhere, { recursive: true, force: true });
  });

  const review = () => pipeline.run('npx', 'tsx', 'tools/change/review.ts');

  it('replaces nothing and puts no data at risk', async () => {
    const { stdout } = await review(); // exits 3 otherwise

    expect(stdout).toMatch(/^## Plan for local/u);
    expect(stdout).not.toMatch(/Data at risk|(?:replaced|destroyed): (?!api gateway deployment)/u);
  });

  it('is applied on another machine than it was planned on, from the stack’s folder alone', async () => {
    const [local, other] = [path.join(pipeline.root, '.local'), path.join(elsewhere, 'work')];
    const planned = path.join(local, STACK);
    mkdirSync(path.join(other, 'cdktf.out', 'stacks'), { recursive: true });
    cpSync(planned, path.join(other, STACK), {
      recursive: true,
      filter: (source) => path.basename(source) !== '.terraform', // as an artifact of CI leaves it behind
    });
    rmSync(planned, { recursive: true });
    rmSync(path.join(pipeline.root, 'dist'), { recursive: true });
    // Both machines share the state; here that is a file beside the folder.
    cpSync(path.join(local, 'terraform.tfstate'), path.join(other, 'terraform.tfstate'));

    const { stdout } = await pipeline.run(
      ...[
        'sh',
        '-c',
        'cd "$0" && terraform init -input=false -lockfile=readonly >/dev/null && terraform apply -input=false -no-color plan',
      ],
      path.join(other, STACK),
    );
    cpSync(path.join(other, 'terraform.tfstate'), path.join(local, 'terraform.tfstate'));

    expect(stdout).toMatch(/Apply complete!/u);
    // A changed definition of the API makes a new deployment of it.
    expect(stdout).not.toMatch(/^aws_(?!api_gateway_deployment)\S+.*: Destroying/mu);
  });

  it('leaves nothing to do', async () => {
    expect((await review()).stdout).toBe('## Plan for local: no changes\n');
  });

  it('keeps what was uploaded before, and moves what is uploaded after', async () => {
    const { sample } = pipeline.started;
    await pipeline.upload('uploads/after.txt', 'after');
    await pipeline.untilMoved();

    expect(await pipeline.contentOf(sample.processedKey)).toBe('Hello, pipeline!\n');
    expect(await pipeline.contentOf('processed/after.txt')).toBe('after');
  });

  it('is tried with the configuration of this version’s predecessor, or its own before it is tagged', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

    expect((RELEASES.at(-1) ?? '').localeCompare(version, 'en', { numeric: true })).toBeLessThanOrEqual(0);
  });
});
