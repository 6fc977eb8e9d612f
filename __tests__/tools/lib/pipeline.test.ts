import { openEnvironment, openPipeline, type Ports } from '../../../tools/lib/pipeline';

const outputs = (environment: string, account = '111122223333') => ({
  environment,
  upload_bucket: `uploads-of-${environment}`,
  upload_prefix: 'uploads/',
  processed_prefix: 'processed/',
  failure_queue_url: `https://sqs.us-east-1.amazonaws.com/${account}/failures`,
  process_upload_function: `upload-pipeline-${environment}-process-upload`,
});

/** Two deployed environments, each in the state that its settings name. */
const DEPLOYED: Readonly<Record<string, ReturnType<typeof outputs>>> = {
  'terraform.dev.tfstate': outputs('dev'),
  'terraform.prod.tfstate': outputs('prod'),
};

function world(ports: Partial<Ports> = {}) {
  const said: string[] = [];
  const all: Ports = {
    env: {},
    output: { write: (text) => said.push(text) },
    readOutputs: ({ state }) => Promise.resolve(state.type === 'local' ? DEPLOYED[state.path] : undefined),
    identify: () => Promise.resolve({ account: '111122223333', arn: 'arn:aws:iam::111122223333:user/me' }),
    ask: undefined,
    ...ports,
  };
  return { said, ports: all };
}

describe('the environment that a command is about', () => {
  it.each([
    ['--env', 'prod', {}, 'prod'],
    ['PIPELINE_ENV', undefined, { PIPELINE_ENV: 'prod' }, 'prod'],
    ['--env before PIPELINE_ENV', 'dev', { PIPELINE_ENV: 'prod' }, 'dev'],
    ['nothing', undefined, {}, 'dev'],
  ])('is what %s says, by its own state', async (_, option, env, name) => {
    const { ports } = world({ env });

    await expect(openPipeline(option, ports)).resolves.toMatchObject({
      name,
      env: { PIPELINE_ENV: name },
      target: { uploadBucket: `uploads-of-${name}` },
    });
  });

  it.each([
    ['--env', 'nope', {}],
    ['--env', '', {}],
    ['PIPELINE_ENV', undefined, { PIPELINE_ENV: 'nope' }],
    ['PIPELINE_ENV', undefined, { PIPELINE_ENV: '' }],
  ])('by %s %j %j is refused with the list, before anything is read', async (source, option, env) => {
    const readOutputs = jest.fn();
    const { ports } = world({ env, readOutputs });

    await expect(openPipeline(option, ports)).rejects.toMatchObject({
      name: 'UsageError',
      message: `${source}: got ${JSON.stringify(option ?? env.PIPELINE_ENV)}; known environments are local, dev, prod (config/environments.ts).`,
    });
    expect(readOutputs).not.toHaveBeenCalled();
  });

  it('is no other than local under npm run local', async () => {
    const { ports } = world({ env: { PIPELINE_ENV: 'local', AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' } });

    await expect(openPipeline('prod', ports)).rejects.toThrow(
      '--env: got "prod", but `npm run local` is about the engine on this machine alone.',
    );
  });
});

describe('the first line', () => {
  it('says environment, account, region and bucket', async () => {
    const { said, ports } = world();
    await openPipeline('prod', ports);

    expect(said).toEqual(['prod: account 111122223333, us-east-1, bucket uploads-of-prod\n']);
  });

  it('says the engine where an endpoint is set, and asks nobody who is calling', async () => {
    const identify = jest.fn();
    const { said, ports } = world({ env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' }, identify });
    await openPipeline('dev', ports);

    expect(said).toEqual(['dev: engine http://127.0.0.1:4566, us-east-1, bucket uploads-of-dev\n']);
    expect(identify).not.toHaveBeenCalled();
  });

  it('is said without a deployment too, where a command needs none', async () => {
    const { said, ports } = world({ readOutputs: () => Promise.resolve(undefined) });
    await openEnvironment('dev', ports);

    expect(said).toEqual(['dev: account 111122223333, us-east-1, bucket not deployed yet\n']);
  });
});

it('credentials of another account than the deployment’s are refused', async () => {
  const readOutputs = () => Promise.resolve(outputs('prod', '999988887777'));
  const { ports } = world({ readOutputs });

  await expect(openPipeline('prod', ports)).rejects.toThrow(
    'prod is deployed in account 999988887777; the credentials are of account 111122223333 (arn:aws:iam::111122223333:user/me).',
  );
});

describe('a change', () => {
  const change = { does: 'sends failed events back', yes: false };
  const allowing = async (name: string, ports: Partial<Ports>, yes = false): Promise<void> => {
    const { allow } = await openPipeline(name, world(ports).ports);
    return allow({ ...change, yes });
  };

  it('of an environment that is not protected passes', async () => {
    await expect(allowing('dev', {})).resolves.toBeUndefined();
  });

  it('of a protected one needs --yes without a terminal', async () => {
    await expect(allowing('prod', {})).rejects.toMatchObject({
      name: 'UsageError',
      message:
        'This sends failed events back in prod, which is protected, and there is no terminal to ask on. Nothing was changed. Pass --yes if it is what you want.',
    });
    await expect(allowing('prod', {}, true)).resolves.toBeUndefined();
  });

  it('of a protected one needs its name on a terminal', async () => {
    const ask = jest.fn().mockResolvedValue('prod');
    await expect(allowing('prod', { ask })).resolves.toBeUndefined();
    expect(ask.mock.lastCall).toEqual([
      'This sends failed events back in prod, which is protected. Type its name to go on: ',
    ]);

    await expect(allowing('prod', { ask: () => Promise.resolve('yes') })).rejects.toThrow(
      'Expected "prod", got "yes". Nothing was changed.',
    );
  });
});
