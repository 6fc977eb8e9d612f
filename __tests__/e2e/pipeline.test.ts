import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beginTypeCheck } from '../../tools/build/typecheck';
import { messageOf } from '../../tools/lib/errors';
import { plain, signalProcess } from '../../tools/lib/processes';
import { Debugger } from '../support/cdp';
import { placeInBundle } from '../support/place-in-bundle';
import { stepOfReadme } from '../support/readme';
import { STRANGE_KEYS } from '../support/strange-keys';
import { LocalPipeline } from './local-pipeline';
import { until } from './until';

const UPLOADS = 100;

/** Where Terraform runs, from the project's folder. */
const STACK = '.local/cdktf.out/stacks/upload-pipeline';

/** A step that throws, and where. */
const THROWS = `import type { ProcessUpload } from './process-upload';

export const processUpload: ProcessUpload = ({ key }) => {
  throw new TypeError(\`no header in \${key}\`);
};
`;
const THROWS_AT = '4:9';

const processedKeyOf = (key: string): string => key.replace(/^uploads\//u, 'processed/');

/** These tests tell one story, in order: a fresh clone, its first start, what people do with it, and a killed engine. */
describe('the pipeline on this machine', () => {
  let pipeline: LocalPipeline;

  beforeAll(async () => {
    pipeline = await LocalPipeline.inFreshCopy();
  });
  afterAll(() => pipeline.end());

  it('starts: deploys, and moves a sample', async () => {
    await pipeline.start();

    expect(pipeline.printed).toMatch(
      /Started the local engine[\s\S]*Deployed with Terraform: \d+ added[\s\S]*Try next/u,
    );
    expect(await pipeline.contentOf(pipeline.started.sample.processedKey)).toBe('Hello, pipeline!\n');
    expect(await pipeline.keysUnder('uploads/')).toEqual([]);
  });

  it('moves what the AWS CLI uploads', async () => {
    writeFileSync(path.join(pipeline.root, 'my report.csv'), 'a,b\n');

    await pipeline.run('sh', '-c', 'aws s3 cp "my report.csv" "s3://$UPLOAD_BUCKET/uploads/"');

    await pipeline.untilMoved();
    expect(await pipeline.contentOf('processed/my report.csv')).toBe('a,b\n');
  });

  it('brings an AWS CLI for machines that have none', async () => {
    const { stdout } = await pipeline.run('sh', '-c', '.local/bin/aws s3 ls');

    expect(stdout).toContain(pipeline.started.outputs.upload_bucket);
  });

  it.each(STRANGE_KEYS)('moves a key with %s, content intact', async (what, key) => {
    await pipeline.upload(key, what);

    await pipeline.untilMoved();
    expect(await pipeline.contentOf(processedKeyOf(key))).toBe(what);
    // The engine answers some of Terraform's reads of a bucket with a listing, and XML cannot hold every key.
    await pipeline.delete(processedKeyOf(key));
  });

  it('puts a record of an upload that must fail into the failure queue: which key, and why', async () => {
    const key = `uploads/${'0'.repeat(1024 - 'uploads/'.length)}`;

    await pipeline.upload(key, 'too long once moved');

    const record = await pipeline.nextFailure();
    expect(record).toMatchObject({
      requestContext: { condition: 'RetriesExhausted' },
      requestPayload: { Records: [{ s3: { object: { key } } }] },
      responsePayload: { errorMessage: expect.stringContaining('Trying again cannot help') as string },
    });
    expect(await pipeline.keysUnder('uploads/')).toContain(key);
    await pipeline.delete(key);
  });

  it(`moves ${UPLOADS} uploads, many at once`, async () => {
    const keys = Array.from({ length: UPLOADS }, (_, index) => `uploads/at once/${index}.txt`);

    await pipeline.uploadAndMove(keys);

    const contents = await Promise.all(keys.map((key) => pipeline.contentOf(processedKeyOf(key))));
    expect(contents).toEqual(keys);
  });

  it('has nothing to change in a second plan', async () => {
    const plan = pipeline.run('terraform', `-chdir=${STACK}`, 'plan', '-detailed-exitcode', '-input=false');

    await expect(plan).resolves.toMatchObject({ stdout: expect.stringContaining('No changes') as string });
  });

  it('tells a type error in a handler before it changes anything', async () => {
    const step = path.join(pipeline.root, 'handlers/process-upload/process.ts');
    const state = readFileSync(pipeline.paths.state, 'utf8');
    writeFileSync(step, 'export const processUpload: string = 5;');

    await expect(pipeline.start({}, { checkTypes: beginTypeCheck })).rejects.toThrow(
      /handlers\/process-upload\/process\.ts\(1,14\): error TS2322/u,
    );
    expect(readFileSync(pipeline.paths.state, 'utf8')).toBe(state);
  });

  it('takes the step of the README as it is pasted: it typechecks and lints', async () => {
    const step = 'handlers/process-upload/process.ts';
    writeFileSync(path.join(pipeline.root, step), stepOfReadme());

    await expect(beginTypeCheck(pipeline.root)()).resolves.toBeUndefined();
    const lint = pipeline.run('npx', 'eslint', '--max-warnings', '0', step);
    await expect(lint).resolves.toMatchObject({ stdout: '' });
  });

  it('shows the function alone in the diff then, in plain text', async () => {
    const { stdout } = await pipeline.run('npm', 'run', '--silent', 'diff');

    expect(stdout.match(/# \S+ .*(?:will|must) be .*/gu)).toEqual([
      expect.stringMatching(/aws_lambda_function\..* will be updated in-place/u),
    ]);
    expect(plain(stdout)).toBe(stdout);
  });

  it('updates in place when it is started again', async () => {
    const before = await pipeline.enginePid();

    await pipeline.start();

    expect(pipeline.printed).toMatch(/Using the running engine[\s\S]*Deployed with Terraform: 1 changed/u);
    expect(await pipeline.enginePid()).toBe(before);
    expect(await pipeline.contentOf('processed/my report.csv')).toBe('a,b\n');
  });

  it('names the permission that is missing, and the line to add, when the sample cannot move', async () => {
    const file = path.join(pipeline.root, 'constructs/uploads/upload-bucket.ts');
    const source = readFileSync(file, 'utf8');
    const without = source.replace(/^ *'s3:DeleteObject',\n/mu, '');
    expect(without).not.toBe(source);
    writeFileSync(file, without);

    await expect(pipeline.start()).rejects.toThrow(
      /was not moved[\s\S]*process-upload may not s3:DeleteObject[\s\S]*stacks\/units\/process-upload\.ts[\s\S]*processUpload\.allow\('delete-object'/u,
    );
    const { stdout } = await pipeline.run('sh', '-c', 'npm run --silent logs -- --failures || true');
    expect(stdout).toContain('process-upload may not s3:DeleteObject');

    expect(await pipeline.nextFailure()).toMatchObject({
      responsePayload: { errorMessage: expect.stringContaining('perform: s3:DeleteObject') as string },
    });
    for (const key of await pipeline.keysUnder('uploads/')) await pipeline.delete(key);

    writeFileSync(file, source);
    await pipeline.start();
  });

  it('does what the step of the README says: refuses a CSV file without a header, and moves others', async () => {
    const empty = 'uploads/empty.csv';
    await pipeline.upload('uploads/people.csv', 'name,age\nAda,36\n');
    await pipeline.upload('uploads/people.txt', '');
    await pipeline.upload(empty, '');

    expect(await pipeline.nextFailure()).toMatchObject({
      requestPayload: { Records: [{ s3: { object: { key: empty } } }] },
      responsePayload: { errorMessage: expect.stringContaining('The file is empty') as string },
    });
    await pipeline.delete(empty);
    await pipeline.untilMoved();
    expect(await pipeline.contentOf('processed/people.csv')).toBe('name,age\nAda,36\n');
    expect(await pipeline.contentOf('processed/people.txt')).toBe('');
  });

  it('has nothing to deploy after that, asks nobody, and says so', async () => {
    const { stdout } = await pipeline.run('npm', 'run', '--silent', 'deploy', '--', '--yes');

    expect(stdout).toMatch(/Nothing to change in local[\s\S]*upload_bucket = /u);
  });

  it('does nothing when it is started again and nothing has changed, and says so', async () => {
    const state = readFileSync(pipeline.paths.state, 'utf8');
    await pipeline.start();
    expect(pipeline.printed).toContain('Nothing has changed since the last deployment');
    expect(readFileSync(pipeline.paths.state, 'utf8')).toBe(state);

    await pipeline.start({}, { full: true });
    expect(pipeline.printed).toContain('Deployed with Terraform: nothing to change');
  });

  it('runs what is saved, says in which line it throws, and leaves Terraform a true view', async () => {
    const step = path.join(pipeline.root, 'handlers/process-upload/process.ts');
    const source = readFileSync(step, 'utf8');
    const key = 'uploads/saved.txt';

    await pipeline.dev([], async (printed) => {
      const prints = (text: string) =>
        until(`${text} is printed`, () => Promise.resolve(printed().includes(text)), printed);
      writeFileSync(step, THROWS);
      await prints('process-upload runs the new code');
      await pipeline.upload(key, 'saved');
      await prints(`at handlers/process-upload/process.ts:${THROWS_AT}`);

      writeFileSync(step, 'export const = 5;');
      await prints('handlers/process-upload/process.ts:1:14: Expected identifier');
      writeFileSync(step, THROWS);
    });

    await until('the failure is recorded', async () => {
      const { stdout } = await pipeline.run('sh', '-c', 'npm run --silent failures || true');
      return stdout.includes('RetriesExhausted, RetryableError') && stdout;
    });
    const { stdout } = await pipeline.run('sh', '-c', 'npm run --silent failures || true');
    expect(stdout).toContain(`at handlers/process-upload/process.ts:${THROWS_AT}`);
    await expect(
      pipeline.run('terraform', `-chdir=${STACK}`, 'plan', '-detailed-exitcode', '-input=false'),
    ).resolves.toMatchObject({ stdout: expect.stringContaining('No changes') as string });

    await pipeline.nextFailure();
    await pipeline.delete(key);
    writeFileSync(step, source);
  });

  it('stops at a breakpoint in TypeScript, and moves the upload when it goes on', async () => {
    const key = 'uploads/held.txt';
    const port = pipeline.debugPort;

    await pipeline.dev(['--inspect', '--inspect-port', String(port)], async () => {
      const inspector = await until('the inspector answers', () =>
        Debugger.attach(port).catch(() => undefined),
      );
      const event = (method: string, isIt: (params: Record<string, unknown>) => boolean) =>
        until(`the debugger says ${method}`, () =>
          Promise.resolve(inspector.events.find((one) => one.method === method && isIt(one.params))),
        );
      await inspector.send('Debugger.enable');
      const { params } = await event('Debugger.scriptParsed', ({ url }) =>
        String(url).endsWith('/code/index.js'),
      );
      const { scriptId } = params;
      const { scriptSource } = await inspector.send('Debugger.getScriptSource', { scriptId });
      const place = placeInBundle(String(scriptSource), 'handlers/process-upload/process.ts');
      await inspector.send('Debugger.setBreakpoint', { location: { scriptId, ...place } });

      await pipeline.upload(key, 'held');
      const paused = await event('Debugger.paused', () => true);
      const [frame] = paused.params.callFrames as { callFrameId: string }[];
      const { result } = await inspector.send('Debugger.evaluateOnCallFrame', {
        callFrameId: frame?.callFrameId,
        expression: 'key',
      });
      expect(result).toMatchObject({ type: 'string', value: key });
      expect(await pipeline.keysUnder('uploads/')).toContain(key);

      await inspector.send('Debugger.resume');
      await pipeline.untilMoved();
      inspector.end();
    });

    expect(await pipeline.contentOf('processed/held.txt')).toBe('held');
    await expect(
      pipeline.run('terraform', `-chdir=${STACK}`, 'plan', '-detailed-exitcode', '-input=false'),
    ).resolves.toMatchObject({ stdout: expect.stringContaining('No changes') as string });
  });

  it('passes on the exit code of a command', async () => {
    await expect(pipeline.run('sh', '-c', 'exit 7')).rejects.toMatchObject({ code: 7 });
  });

  it('refuses an endpoint that is not on this machine', async () => {
    const abroad = pipeline.start({ AWS_ENDPOINT_URL: 'https://s3.us-east-1.amazonaws.com' });

    await expect(abroad).rejects.toThrow('which is not on this machine');
  });

  it('says that the engine is gone when it was killed', async () => {
    const pid = await pipeline.enginePid();
    signalProcess(pid, 'SIGKILL');
    while (signalProcess(pid, 0)) await sleep(20);

    await expect(pipeline.run('true')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('`npm start` starts afresh') as string,
    });
  });

  it('starts afresh by itself after that, and says so', async () => {
    const enough = new AbortController();

    const ended = pipeline.start({}, { signal: enough.signal }).then(() => 'came to its end', messageOf);
    await until('it says so', () => Promise.resolve(pipeline.printed.includes('starting afresh')));
    enough.abort();

    expect(await ended).toContain('aborted');
    await expect(pipeline.run('true')).rejects.toMatchObject({
      stderr: expect.stringContaining('Nothing is deployed on this machine') as string,
    });
  });
});
