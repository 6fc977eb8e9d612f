import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LocalPipeline } from './local-pipeline';

/** Of the caller locally: config/environments.ts. */
const CALLER_TIMEOUT_MS = 10_000;

/** What `npm run invoke -- … --json` prints, and its exit code. */
interface Invoked {
  readonly code: number | null;
  readonly outcome: string;
  readonly answer?: unknown;
  readonly error?: { readonly errorMessage: string };
}

/** Makes the limit one that a slow machine reaches too: it may take ten seconds for the requests that are to be refused. */
function allowFewRequests(root: string): void {
  const file = path.join(root, 'config/environments.ts');
  const source = readFileSync(file, 'utf8');
  expect(source).toContain('endpoint: { enabled: true }');
  writeFileSync(
    file,
    source.replace('endpoint: { enabled: true }', 'endpoint: { enabled: true, throttlingRateLimit: 2 }'),
  );
}

/** In this order: the last tests leave the invoked function busy. */
describe('calling another Lambda on this machine', () => {
  let pipeline: LocalPipeline;

  beforeAll(async () => {
    pipeline = await LocalPipeline.inCopy();
    allowFewRequests(pipeline.root);
    await pipeline.start();
  });
  afterAll(() => pipeline.end());

  const invoke = async (name: string, payload: unknown): Promise<Invoked> => {
    const { code, stdout } = await pipeline.tool('invoke', name, JSON.stringify(payload), '--json');
    return { code, ...(JSON.parse(stdout) as Omit<Invoked, 'code'>) };
  };

  /** `POST`s a job as docs/http.md has it, and returns status and body. */
  const post = async (resource: string, body: string, ...options: string[]) => {
    const { stdout } = await pipeline.run(
      ...['sh', '-c', `curl --silent --write-out '\\n%{http_code}' "$@" "$JOBS_URL${resource}"`, 'curl'],
      ...['--header', 'content-type: application/json', '--data', body, ...options],
    );
    const [status = '', ...lines] = stdout.split('\n').reverse();
    return { status: Number(status), body: lines.reverse().join('\n') };
  };
  const signed = ['--aws-sigv4', 'aws:amz:us-east-1:execute-api', '--user', 'test:test'];

  it('carries the correlation ID and the deadline to the callee, which Lambda does not', async () => {
    const { code, outcome, answer } = await invoke('caller', {
      'upload-pipeline/envelope': { correlationId: 'from the test' },
      payload: { mode: 'sync', payload: { echo: 'hello' } },
    });

    expect({ code, outcome }).toEqual({ code: 0, outcome: 'answered' });
    expect(answer).toMatchObject({
      mode: 'sync',
      answer: {
        echo: 'hello',
        correlationId: 'from the test',
        deadline: expect.stringMatching(/^\d{4}-.*Z$/u) as string,
      },
    });
  });

  it('answers with its own log level, whatever its caller’s is', async () => {
    const { stdout } = await pipeline.run(
      ...['aws', 'lambda', 'get-function-configuration', '--function-name', 'upload-pipeline-local-caller'],
      ...['--query', 'Environment.Variables.LOG_LEVEL', '--output', 'text'],
    );
    const { answer } = await invoke('caller', { mode: 'sync', payload: {} });

    expect(stdout.trim()).toBe('DEBUG');
    expect(answer).toMatchObject({ answer: { logLevel: 'INFO' } });
  });

  it("throws the callee's error although Lambda answered 200", async () => {
    const { code, outcome, error } = await invoke('caller', {
      mode: 'sync',
      payload: { fail: 'out of luck' },
    });

    expect({ code, outcome }).toEqual({ code: 1, outcome: 'functionError' });
    expect(error?.errorMessage).toMatch(/^upload-pipeline-local-invoked failed with .*: out of luck \(/u);
  });

  it('puts an event that fails for good into the failure queue, although its sender is long gone', async () => {
    const { code } = await invoke('caller', { mode: 'async', payload: { fail: 'for good' } });

    expect(code).toBe(0);
    expect(await pipeline.nextFailure()).toMatchObject({
      requestPayload: { payload: { fail: 'for good' } },
      responsePayload: { errorMessage: 'for good' },
    });
  });

  describe('over HTTP', () => {
    it('takes a job: 202', async () => {
      // The engine waits for the function here, and answers with its answer: what AWS does is asserted on the JSON.
      await expect(post('', '{"echo": "hello"}', ...signed)).resolves.toMatchObject({ status: 202 });
    });

    it('waits for the answer to a job: 200', async () => {
      const { status, body } = await post('/sync', '{"echo": "hello", "sleepMs": 200}', ...signed);

      expect(status).toBe(200);
      expect(JSON.parse(body)).toMatchObject({ echo: 'hello' });
    });

    it.each(['{"sleepMs": "long"}', '{"ecco": 1}', '[]', 'no JSON'])('refuses %s: 400', async (body) => {
      await expect(post('', body, ...signed)).resolves.toMatchObject({ status: 400 });
    });

    it('refuses who does not sign: 403', async () => {
      await expect(post('', '{}')).resolves.toMatchObject({ status: 403 });
    });

    it('refuses more than the limit: 429', async () => {
      // Invalid, so that those within the limit cost nothing.
      const requests = Array.from({ length: 60 }, () => '"$JOBS_URL"').join(' ');
      const { stdout } = await pipeline.run(
        'sh',
        '-c',
        `curl --silent --parallel --parallel-max 60 --parallel-immediate --write-out '%{http_code}\\n' \\
          ${signed.join(' ')} --header 'content-type: application/json' --data '[]' ${requests} | grep -o '[0-9]*$'`,
      );

      expect(new Set(stdout.trim().split('\n'))).toEqual(new Set(['400', '429']));
    });
  });

  it('lets one of three calls at once through where one execution is reserved, and throttles the others', async () => {
    const payload = { sleepMs: CALLER_TIMEOUT_MS + 1_000 };
    const calls = await Promise.all([1, 2, 3].map(() => invoke('caller', { mode: 'sync', payload })));

    expect(calls.map(({ code }) => code)).toEqual([1, 1, 1]);
    expect(calls.map(({ error }) => error?.errorMessage).sort()).toEqual([
      expect.stringContaining("The caller's time was up before upload-pipeline-local-invoked answered"),
      expect.stringMatching(/was throttled in all of \d+ attempts \(Reserved/u),
      expect.stringMatching(/was throttled in all of \d+ attempts \(Reserved/u),
    ]);
  });

  it('only hands over: it is accepted while the callee would take longer than the caller has', async () => {
    const payload = { sleepMs: CALLER_TIMEOUT_MS + 1_000 };

    await expect(invoke('caller', { mode: 'async', payload })).resolves.toMatchObject({
      code: 0,
      answer: { mode: 'async', accepted: true },
    });
  });
});
