import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import {
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutBucketNotificationConfigurationCommand,
} from '@aws-sdk/client-s3';
import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { FailureList } from '../../tools/operate/failures/group';
import type { Run } from '../../tools/operate/redrive/history';
import { s3At } from '../../tools/local/sample';
import { runbookCommands } from '../support/runbook';
import { STRANGE_KEYS } from '../support/strange-keys';
import { LocalPipeline } from './local-pipeline';
import { until } from './until';

const UPLOADS = 100;
const LEFT_BEHIND = 200;

/** The first line of the step that a team replaces, and one that fails at what it does not understand. */
const STEP = "log.info('Processing an upload'";
const POISONED_STEP = `if (key.endsWith('.poison')) throw new Error('not understood yet');\n  ${STEP}`;

/** These tests tell one story, in order: the pipeline fails in every way that people have to repair. */
describe('operating the pipeline', () => {
  let pipeline: LocalPipeline;

  beforeAll(async () => {
    pipeline = await LocalPipeline.inCopy();
  });
  afterAll(() => pipeline.end());

  const config = () => pipeline.clientConfig;
  const lambda = () => new LambdaClient(config());
  const mover = () => pipeline.started.outputs.process_upload_function;

  /** Records in the failure queue, hidden ones too. */
  async function records(): Promise<number> {
    const { Attributes = {} } = await new SQSClient(config()).send(
      new GetQueueAttributesCommand({
        QueueUrl: pipeline.started.outputs.failure_queue_url,
        AttributeNames: ['All'],
      }),
    );
    const { ApproximateNumberOfMessages: visible, ApproximateNumberOfMessagesNotVisible: hidden } =
      Attributes;
    return Number(visible ?? 0) + Number(hidden ?? 0);
  }

  /** Receives a record, as a redrive does that is killed then; gives it back before its time is up. */
  async function hideOne(): Promise<() => Promise<unknown>> {
    const sqs = new SQSClient(config());
    const QueueUrl = pipeline.started.outputs.failure_queue_url;
    const { Messages: [message] = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 1_800, WaitTimeSeconds: 10 }),
    );
    const ReceiptHandle = message?.ReceiptHandle;
    return () =>
      sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
  }

  function editStep(from: string, to: string): void {
    const file = path.join(pipeline.root, 'handlers/process-upload/process.ts');
    const step = readFileSync(file, 'utf8');
    expect(step).toContain(from);
    writeFileSync(file, step.replace(from, to));
  }

  const stopMover = () =>
    lambda().send(
      new PutFunctionConcurrencyCommand({ FunctionName: mover(), ReservedConcurrentExecutions: 0 }),
    );
  const startMover = () => lambda().send(new DeleteFunctionConcurrencyCommand({ FunctionName: mover() }));

  const keysOf = (folder: string, count: number): string[] =>
    Array.from({ length: count }, (_, i) => `uploads/${folder}/${String(i).padStart(4, '0')}.txt`);

  async function upload(keys: readonly string[]): Promise<void> {
    for (let i = 0; i < keys.length; i += 50)
      await Promise.all(keys.slice(i, i + 50).map((key) => pipeline.upload(key, key)));
  }

  /** Uploads while the mover is stopped, until every upload has failed into the queue. */
  async function failInto(keys: readonly string[]): Promise<void> {
    await stopMover();
    await upload(keys);
    await until(`${keys.length} records are in the queue`, async () => (await records()) >= keys.length);
    await startMover();
  }

  async function expectProcessed(keys: readonly string[]): Promise<void> {
    await pipeline.untilMoved();
    const contents = await Promise.all(
      keys.map((key) => pipeline.contentOf(key.replace(/^uploads\//u, 'processed/'))),
    );
    expect(contents).toEqual(keys);
    await until('the failure queue is empty', async () => (await records()) === 0);
  }

  it('starts with a step that does not understand some uploads yet', async () => {
    editStep(STEP, POISONED_STEP);
    await pipeline.start();

    await expect(pipeline.tool('status')).resolves.toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/Failures +none/u) as string,
    });
  });

  it(`lists ${UPLOADS} uploads that failed while the mover was stopped, again and again`, async () => {
    const keys = keysOf('stopped', UPLOADS);
    await failInto(keys);

    for (let time = 0; time < 2; time += 1) {
      const { code, stdout } = await pipeline.tool('failures', '--json');
      const { groups, foreign } = JSON.parse(stdout) as FailureList;

      expect(code).toBe(3);
      expect(groups.flatMap((group) => group.keys).sort()).toEqual(keys);
      expect(foreign).toEqual([]);
    }
  });

  it('says what a redrive would send, and sends nothing', async () => {
    const { stdout } = await pipeline.tool('redrive', '--dry-run');

    expect(stdout).toContain(`${UPLOADS} records would be redriven`);
    expect(await records()).toBe(UPLOADS);
  });

  it('redrives them: every one is processed, and none is left', async () => {
    const { code, stdout } = await pipeline.tool('redrive', '--rate', '40');

    expect(stdout).toBe(`${UPLOADS} records redriven\n${UPLOADS} uploads moved\n`);
    expect(code).toBe(0);
    await expectProcessed(keysOf('stopped', UPLOADS));
  });

  it('loses nothing when a redrive by choice is killed in the middle, and the history tells both runs', async () => {
    const keys = keysOf('killed', UPLOADS);
    await failInto(keys);

    const choice = [
      '--since',
      '1h',
      '--function',
      'process-upload',
      '--key',
      'uploads/killed/*',
      '--hold',
      '5',
    ];
    const other = await pipeline.tool('redrive', '--key', 'uploads/other/*', '--as', 'nothing');
    expect(other.stdout).toContain(`0 records redriven\n${UPLOADS} records skipped`);
    const child = await pipeline.startTool('redrive', ...choice, '--as', 'bug 42', '--rate', '20');
    const ended = new Promise((resolve) =>
      child.once('exit', (_, signal) => {
        resolve(signal);
      }),
    );
    await until('a part is redriven', async () => (await records()) < UPLOADS - 10);
    child.kill('SIGKILL');

    expect(await ended).toBe('SIGKILL');
    expect(await records()).toBeGreaterThan(0);
    await until('what it held is visible and sent', async () => {
      await pipeline.tool('redrive', ...choice, '--as', 'bug 42, again', '--rate', '40');
      return (await records()) === 0;
    });
    await expectProcessed(keys);

    const { stdout } = await pipeline.tool('redrive', 'history', '--json');
    const runs = (JSON.parse(stdout) as Run[]).reverse();
    expect(runs.filter(({ name }) => name === 'nothing')).toEqual([]);
    const [killed, ...again] = runs.filter(({ name = '' }) => name.startsWith('bug 42'));
    expect(killed).toMatchObject({ name: 'bug 42', by: expect.stringMatching(/^arn:aws:/u) as string });
    expect(killed).not.toHaveProperty('ended');
    expect(again.length).toBeGreaterThan(0);
    expect(again.at(-1)).toMatchObject({ name: 'bug 42, again', ended: expect.any(String) as string });
  });

  it('stops between two records at Ctrl-C, and says how far it came', async () => {
    const keys = keysOf('interrupted', 30);
    await failInto(keys);

    const child = await pipeline.startTool('redrive', '--rate', '2');
    let stdout = '';
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    const ended = new Promise((resolve) => child.once('close', resolve));
    await until('the first is redriven', async () => (await records()) < keys.length);
    child.kill('SIGINT');

    expect(await ended).toBe(130);
    const redriven = Number(/^(\d+) records? redriven/u.exec(stdout)?.[1]);
    expect(await records()).toBe(keys.length - redriven);

    await expect(pipeline.tool('redrive', '--rate', '40')).resolves.toMatchObject({ code: 0 });
    await expectProcessed(keys);
  });

  it('names a key that is too long as what trying again cannot mend, and leaves it alone unless told', async () => {
    const key = `uploads/${'0'.repeat(1024 - 'uploads/'.length)}`;
    await pipeline.upload(key, 'too long once moved');
    await until('it has failed', async () => (await records()) === 1);

    const listed = await pipeline.tool('failures');
    expect(listed.stdout).toContain('Trying again cannot help; redrive skips');
    expect(listed.stdout).toContain(key);

    const giveBack = await hideOne();
    await expect(pipeline.tool('failures')).resolves.toMatchObject({
      code: 3,
      stdout: expect.stringContaining('1 more record: hidden by another redrive or failures') as string,
    });
    await expect(pipeline.tool('redrive')).resolves.toMatchObject({
      code: 3,
      stdout: expect.stringContaining('1 record not seen: hidden by another redrive or failures') as string,
    });
    await giveBack();

    await expect(pipeline.tool('redrive')).resolves.toMatchObject({
      code: 3,
      stdout: expect.stringContaining('1 record skipped: trying again cannot help') as string,
    });
    expect(await records()).toBe(1);

    await expect(pipeline.tool('sweep', '--dry-run', '--older-than', '1s')).resolves.toMatchObject({
      code: 3,
      stdout: expect.stringContaining('These can never be moved') as string,
    });

    // Told so, it is sent, and fails again.
    await expect(pipeline.tool('redrive', '--include-permanent')).resolves.toMatchObject({
      code: 1,
      stdout: expect.stringContaining('1 upload failed again:') as string,
    });
    await until('it has failed again', async () => (await records()) === 1);

    // Without the upload there is nothing left to move: that is how a person ends the matter.
    await pipeline.delete(key);
    await expect(pipeline.tool('redrive', '--include-permanent')).resolves.toMatchObject({ code: 0 });
    await until('the failure queue is empty', async () => (await records()) === 0);
  });

  it('processes poison uploads once the handler is mended and they are redriven', async () => {
    const keys = keysOf('poison', 5).map((key) => `${key}.poison`);
    await upload(keys);
    await until('they have failed', async () => (await records()) === keys.length);
    const { groups } = JSON.parse((await pipeline.tool('failures', '--json')).stdout) as FailureList;
    expect(groups).toMatchObject([{ permanent: false, records: keys.length }]);
    expect(groups[0]?.errorMessage).toContain('not understood yet');
    await expect(pipeline.tool('logs', '--failures', '--since', '1h')).resolves.toMatchObject({
      stdout: expect.stringContaining('not understood yet') as string,
    });

    editStep(POISONED_STEP, STEP);
    await pipeline.start();
    await expect(pipeline.tool('redrive')).resolves.toMatchObject({
      code: 0,
      stdout: '5 records redriven\n5 uploads moved\n',
    });

    await expectProcessed(keys);
  });

  it(`sweeps up ${LEFT_BEHIND} uploads that no event announced`, async () => {
    const keys = keysOf('silent', LEFT_BEHIND - STRANGE_KEYS.length).concat(
      STRANGE_KEYS.map(([, key]) => key),
    );
    await s3At(pipeline.started).send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: pipeline.started.outputs.upload_bucket,
        NotificationConfiguration: {},
      }),
    );
    await upload(keys);
    await sleep(2000); // to be older than a second, by a clock that may tell whole seconds
    const looked = await pipeline.tool('sweep', '--dry-run', '--older-than', '1s');
    expect(looked.stdout).toContain(`${LEFT_BEHIND} uploads waiting`);

    const FunctionName = mover().replace(/process-upload$/u, 'sweep');
    const { Environment } = await lambda().send(new GetFunctionConfigurationCommand({ FunctionName }));
    const Variables = { ...Environment?.Variables, OLDER_THAN_MINUTES: '0.001', MAXIMUM_PER_SECOND: '40' };
    await lambda().send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
    // On a busy machine a request may run out of time; Lambda then tries the sweep again, and it goes on where it stopped.
    await until('a sweep comes to its end', async () => {
      const { FunctionError } = await lambda().send(new InvokeCommand({ FunctionName }));
      return FunctionError === undefined;
    });

    await expectProcessed(keys);
  });

  it('sweeps from a terminal too', async () => {
    const keys = keysOf('by hand', 20);
    await upload(keys);
    await sleep(2000);

    const { stdout, code } = await pipeline.tool(
      'sweep',
      '--older-than',
      '1s',
      '--prefix',
      'uploads/by hand/',
    );

    expect(stdout).toContain('20 uploads resubmitted to process-upload');
    expect(code).toBe(0);
    await expectProcessed(keys);
  });

  it('has run every command of the runbook, or runs it now', async () => {
    const { upload_bucket: bucket } = pipeline.started.outputs;
    const [key = ''] = await pipeline.keysUnder('processed/');
    const filled = (command: string): string[] =>
      command
        .split(' ')
        .map((word) => word.replaceAll('BUCKET', bucket).replaceAll('KEY', key).replaceAll('NAME', mover()));
    // What changes the deployment: the tests of deployments run it.
    const here = runbookCommands().filter((command) => !/^(?:git |npm run (?:diff|deploy)$)/u.test(command));
    expect(here.length).toBeGreaterThan(12);

    for (const command of here) {
      const [program, ...args] = filled(command);
      if (program === 'aws') {
        await pipeline.aws(...args);
      } else {
        const [, tool = '', ...options] = args;
        await expectToRun(tool, options[0] === '--' ? options.slice(1) : options);
      }
    }
    await expect(pipeline.tool('status')).resolves.toMatchObject({ code: 0 });
  });

  /** Runs a command of the runbook, unless this story has. A command that goes on until Ctrl-C gets that. */
  async function expectToRun(tool: string, options: readonly string[]): Promise<void> {
    if (pipeline.ran.has([tool, ...options].join(' '))) return;
    const ended = options.includes('--follow')
      ? await pipeline.toolUntilLine(tool, ...options)
      : await pipeline.tool(tool, ...options);
    // 0 done, 3 something is left; anything else means that the runbook is wrong.
    expect({ tool, options, ...ended }).toMatchObject({ code: ended.code === 3 ? 3 : 0 });
  }

  async function unaccounted(): Promise<string[]> {
    const { code, stdout } = await pipeline.tool('audit', '--json');
    expect(code).toBe(3);
    return (JSON.parse(stdout) as { unaccounted: { key: string }[] }).unaccounted.map(({ key }) => key);
  }

  it('accounts for every upload of this story, and finds one whose copy was removed for good', async () => {
    // Deleted by hand above: no copy of it could be made.
    const tooLong = `uploads/${'0'.repeat(1024 - 'uploads/'.length)}`;
    expect(await unaccounted()).toEqual([tooLong]);

    const [name = ''] = keysOf('by hand', 1);
    const s3 = s3At(pipeline.started);
    const at = { Bucket: pipeline.started.outputs.upload_bucket };
    const { Versions = [] } = await s3.send(
      new ListObjectVersionsCommand({ ...at, Prefix: name.replace(/^uploads/u, 'processed') }),
    );
    for (const { Key, VersionId } of Versions)
      await s3.send(new DeleteObjectCommand({ ...at, Key, VersionId }));

    expect(await unaccounted()).toEqual([tooLong, name]);
  });
});
