import { readFile } from 'node:fs/promises';
import { processTable } from '../../tools/lib/process-table';
import { signalProcess } from '../../tools/lib/processes';
import { writeRecord } from '../../tools/local/record';
import { DRIFTS, turnEveryOptionOn } from './every-option';
import { LocalPipeline, type StartedProcess } from './local-pipeline';
import { until } from './until';

/** Where Terraform runs, from the project's folder. */
const STACK = '.local/cdktf.out/stacks/upload-pipeline';

const PLAN_AS_JSON = `cd ${STACK} && terraform plan -input=false -out=plan >/dev/null && terraform show -json plan`;

/** What these tests read of a plan. https://developer.hashicorp.com/terraform/internals/json-format */
interface Plan {
  readonly resource_changes: readonly {
    readonly type: string;
    readonly change: { readonly actions: readonly string[] };
  }[];
}

/** In this order: starts that do not come to their end, then one with every option on. */
describe('a clone of the pipeline with every option on', () => {
  let pipeline: LocalPipeline;
  let second: StartedProcess;

  beforeAll(async () => {
    pipeline = await LocalPipeline.inCopy();
    turnEveryOptionOn(pipeline.root);
  });
  afterAll(() => pipeline.end());

  const running = async () =>
    (await processTable())
      .filter(({ cwd = '' }) => cwd.startsWith(pipeline.root))
      .map(({ command }) => command);

  /** A start that ended before is told at once, with what it printed. */
  async function untilDeploying({ child, printed }: StartedProcess): Promise<void> {
    await until('it deploys or has ended', () =>
      Promise.resolve(printed().includes('Deploying') || child.exitCode !== null),
    );
    expect(printed()).toContain('Deploying');
  }

  it('starts afresh, at once, after a start that was killed in its first deployment', async () => {
    const first = pipeline.startProcess();
    await untilDeploying(first);
    await until('resources are created', async () =>
      (await readFile(pipeline.paths.deployLog, 'utf8').catch(() => '')).includes('Creating...'),
    );
    first.child.kill('SIGKILL');
    await first.ended;

    second = pipeline.startProcess();
    await untilDeploying(second);

    expect(second.printed()).toContain(
      'The last start was killed before its first deployment was complete: starting afresh.',
    );
  });

  it('leaves nothing running when its terminal is closed', async () => {
    second.child.kill('SIGHUP');

    expect(await second.ended).toBe(130);
    expect(await running()).toEqual([]);
  });

  it('starts, and moves a sample', async () => {
    await pipeline.start();

    expect(await pipeline.keysUnder('')).toEqual([pipeline.started.sample.processedKey]);
  });

  it('has nothing to change in a second plan, but what the engine drifts on', async () => {
    const plan = await pipeline.run('sh', '-c', PLAN_AS_JSON);

    const { resource_changes: changes } = JSON.parse(plan.stdout) as Plan;
    const drifting = changes.filter(({ change }) => change.actions.join() !== 'no-op');
    expect([...new Set(drifting.map(({ type }) => type))].sort()).toEqual(Object.keys(DRIFTS).sort());
  });

  it('uses an engine of the person’s own, and leaves it as it is', async () => {
    const { endpoint, certificate } = pipeline.started;
    const pid = await pipeline.enginePid();
    // The project's own engine plays the part: without the record of its process it is one like any other.
    await writeRecord(pipeline.paths, { endpoint, startedAt: '' });

    await expect(pipeline.start({ AWS_ENDPOINT_URL: endpoint })).rejects.toThrow(
      'AWS_CA_BUNDLE must name the file',
    );
    await pipeline.start({ AWS_ENDPOINT_URL: endpoint, AWS_CA_BUNDLE: certificate });
    expect(pipeline.printed).toContain(`Using your own engine at ${endpoint}`);
    await pipeline.stop();

    expect(pipeline.printed).toContain('The engine is your own');
    expect(signalProcess(pid, 0)).toBe(true);
  });

  it('says that nothing is deployed after a stop', async () => {
    await expect(pipeline.run('true')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Nothing is deployed on this machine') as string,
    });
  });
});
