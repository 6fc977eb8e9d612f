import { environments, loadSettings, parseSettings } from '../../config/environments';

const ENGINE = { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' };

const LAYER = 'arn:aws:lambda:us-east-1:111122223333:layer:tools:3';
const CANARY = { version: 3, weight: 0.1 };
const VPC = { vpcId: 'vpc-12345678', subnetIds: ['subnet-12345678'], routeTableIds: ['rtb-12345678'] };

const refusal = (input: unknown): string => {
  try {
    parseSettings(input, 'test');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'nothing was refused';
};

const EXISTING = { name: 'team-data', versioned: true };
const KEY_ELSEWHERE = 'arn:aws:kms:eu-west-1:123456789012:key/1234';

describe('loadSettings', () => {
  it.each(Object.keys(environments))('accepts environment %s as it is', (name) => {
    expect(loadSettings({ PIPELINE_ENV: name, ...ENGINE }).namePrefix).toBe(`upload-pipeline-${name}`);
  });

  it('takes dev where PIPELINE_ENV is unset', () => {
    expect(loadSettings({})).toEqual(loadSettings({ PIPELINE_ENV: 'dev' }));
  });

  it.each(['staging', '', 'constructor'])('lists the known environments when it is asked for %p', (name) => {
    expect(() => loadSettings({ PIPELINE_ENV: name })).toThrow(
      `PIPELINE_ENV: got ${JSON.stringify(name)}; known environments are local, dev, prod (config/environments.ts).`,
    );
  });

  it('takes the provider version that a mirror offers', () => {
    const settings = loadSettings({ PIPELINE_AWS_PROVIDER_VERSION: '5.100.0' });

    expect(settings.awsProvider.version).toBe('5.100.0');
  });

  describe('for local', () => {
    it('sends everything to the engine on this machine', () => {
      expect(loadSettings({ PIPELINE_ENV: 'local', ...ENGINE }).awsProvider.localEndpoint).toBe(
        ENGINE.AWS_ENDPOINT_URL,
      );
    });

    it.each([undefined, '', 'https://s3.amazonaws.com', 'http://10.0.0.1:4566'])(
      'refuses the endpoint %p: nothing local reaches a real account',
      (endpoint) => {
        expect(() => loadSettings({ PIPELINE_ENV: 'local', AWS_ENDPOINT_URL: endpoint })).toThrow(
          /^AWS_ENDPOINT_URL: got .*needs the URL of an engine on this machine.*npm start/u,
        );
      },
    );
  });

  it.each(['dev', 'prod'])('for %s ignores a local engine in the environment', (name) => {
    expect(loadSettings({ PIPELINE_ENV: name, ...ENGINE }).awsProvider.localEndpoint).toBeUndefined();
  });
});

describe('parseSettings', () => {
  it.each([
    { trigger: 'queue', uploadQueue: { batchSize: 10_000, maximumBatchingWindowSeconds: 1 } },
    { failureRetentionDays: 2 }, // the upload queue's retention matters only where there is one
    { trigger: 'eventbridge', uploadRule: { minimumSizeBytes: 1, maximumSizeBytes: 1 } },
    {
      trigger: 'topic',
      uploadTopic: {
        subscribers: {
          audit: { protocol: 'sqs', endpoint: 'arn:aws:sqs:us-east-1:111122223333:audit' },
          web: { protocol: 'https', endpoint: 'https://example.com/uploads' },
          people: { protocol: 'email', endpoint: 'data@example.com' },
        },
      },
    },
  ])('accepts %j', (settings) => {
    expect(refusal({ namePrefix: 'test', ...settings })).toBe('nothing was refused');
  });

  it('fills in the defaults', () => {
    expect(parseSettings({ namePrefix: 'test' }, 'test')).toMatchObject({
      region: 'us-east-1',
      packaging: 'archive',
      onExisting: 'replace',
      prefixes: { upload: 'uploads/', processed: 'processed/', watchWholeBucket: false },
      functions: { runtime: 'nodejs24.x', architecture: 'arm64', logRetentionDays: 30 },
      processUpload: { memorySizeMb: 512, maximumRetryAttempts: 2, maximumEventAgeSeconds: 21_600 },
      bucket: { versioning: true, forceDestroy: false },
      caller: { timeoutSeconds: 60 },
      invoked: { timeoutSeconds: 30, maximumRetryAttempts: 2 },
      endpoint: { enabled: false, authorization: 'iam' },
      awsProvider: { version: '~> 6.25' },
      state: { type: 'local', path: 'terraform.tfstate' },
    });
  });

  it.each([
    [{ namePrefix: undefined }, 'namePrefix: got nothing; expected 2–28 lower-case letters'],
    [{ namePrefix: 'Upper' }, 'namePrefix: got "Upper"; expected 2–28 lower-case letters'],
    [{ region: 'Frankfurt' }, 'region: got "Frankfurt"; expected an AWS region, such as eu-central-1.'],
    [{ tags: { 'aws:owner': 'me' } }, 'tags.aws:owner: got "aws:owner"; expected at most 40; keys of 1–128'],
    [{ packaging: 'zip' }, 'packaging: got "zip"; expected archive or prebuilt.'],
    [
      { onExisting: 'overwrite' },
      'onExisting: got "overwrite"; expected replace (needs bucket.versioning) or keepBoth.',
    ],
    [
      { prefixes: { upload: 'uploads' } },
      'prefixes.upload: got "uploads"; expected up to 512 bytes that end with /',
    ],
    [{ prefixes: { upload: '/uploads/' } }, 'prefixes.upload: got "/uploads/"; expected up to 512 bytes'],
    [{ prefixes: { processed: `${'p'.repeat(512)}/` } }, 'prefixes.processed: got "ppp'],
    [{ bucket: { name: 'Our_Bucket' } }, 'bucket.name: got "Our_Bucket"; expected 3–63 lower-case letters'],
    [
      { bucket: { existing: EXISTING } },
      'trigger: got "direct"; expected direct, queue, eventbridge or topic; with bucket.existing only eventbridge, because a bucket has one notification configuration and Terraform would replace all of it.',
    ],
    [
      { bucket: { existing: { name: 'team-data' } }, trigger: 'eventbridge' },
      'bucket.existing.versioned: got nothing; expected true or false;',
    ],
    [
      { bucket: { existing: EXISTING, name: 'ours' }, trigger: 'eventbridge' },
      'bucket.name: got "ours"; expected 3–63 lower-case letters, digits and hyphens, a letter or a digit first and last',
    ],
    [
      { bucket: { existing: EXISTING, forceDestroy: true }, trigger: 'eventbridge' },
      'bucket.forceDestroy: got true; expected true or false; false with bucket.existing',
    ],
    [
      { bucket: { existing: EXISTING, processedExpirationDays: 30 }, trigger: 'eventbridge' },
      'bucket.processedExpirationDays: got 30; expected an integer from 1 to 3,650, or null for never; null with bucket.existing',
    ],
    [
      { bucket: { existing: { ...EXISTING, kmsKeyArn: KEY_ELSEWHERE } }, trigger: 'eventbridge' },
      'bucket.existing.kmsKeyArn: got "arn:aws:kms:eu-west-1:123456789012:key/1234"; expected the ARN of a key of this region',
    ],
    [
      { bucket: { existing: { ...EXISTING, kmsKeyArn: 'alias/ours' } }, trigger: 'eventbridge' },
      'bucket.existing.kmsKeyArn: got "alias/ours"; expected the ARN of a key of this region, not of an alias',
    ],
    [
      { bucket: { noncurrentVersionDays: 0 } },
      'bucket.noncurrentVersionDays: got 0; expected an integer from 1 to 3,650, or null for never (days).',
    ],
    [{ trigger: 'sns' }, 'trigger: got "sns"; expected direct, queue, eventbridge or topic;'],
    [
      { uploadQueue: { maximumBatchingWindowSeconds: 301 } },
      'uploadQueue.maximumBatchingWindowSeconds: got 301; expected an integer from 0 to 300 (seconds).',
    ],
    [
      { uploadQueue: { maximumConcurrency: 1 } },
      'uploadQueue.maximumConcurrency: got 1; expected an integer from 2 to 1,000',
    ],
    [
      { uploadQueue: { maxReceiveCount: 0 } },
      'uploadQueue.maxReceiveCount: got 0; expected an integer from 1 to 1,000 (attempts).',
    ],
    [
      { uploadRule: { maximumRetryAttempts: 186 } },
      'uploadRule.maximumRetryAttempts: got 186; expected an integer from 0 to 185 (attempts).',
    ],
    [
      { uploadRule: { maximumEventAgeSeconds: 86_401 } },
      'uploadRule.maximumEventAgeSeconds: got 86401; expected an integer from 60 to 86,400 (seconds).',
    ],
    [
      { uploadTopic: { subscribers: { web: { protocol: 'https', endpoint: 'http://example.com' } } } },
      'uploadTopic.subscribers.web',
    ],
    [{ uploadTopic: { subscribers: { Audit: { protocol: 'sqs', endpoint: 'arn:aws:sqs' } } } }, 'Audit'],
    [{ jobs: { stream: { arns: ['jobs'] } } }, 'jobs.stream.arns.0: got "jobs"; expected ARNs'],
    [
      { jobs: { stream: { parallelizationFactor: 11 } } },
      'jobs.stream.parallelizationFactor: got 11; expected',
    ],
    [
      { jobs: { schedule: { expression: 'daily' } } },
      'jobs.schedule.expression: got "daily"; expected rate(5',
    ],
    [{ failureRetentionDays: 15 }, 'failureRetentionDays: got 15; expected an integer from 1 to 14 (days).'],
    [{ functions: { runtime: 'python3.13' } }, 'functions.runtime: got "python3.13"; expected nodejs20.x'],
    [{ functions: { logRetentionDays: 8 } }, 'functions.logRetentionDays: got 8; expected one of 1, 3, 5, 7'],
    [
      { functions: 3 },
      'functions: got 3; expected an object with runtime, architecture, logRetentionDays, layers, codeSigning, tracing.',
    ],
    [
      { processUpload: { memorySizeMb: 64 } },
      'processUpload.memorySizeMb: got 64; expected an integer from 128 to 10,240 (MB).',
    ],
    [
      { processUpload: { timeoutSeconds: 901 } },
      'processUpload.timeoutSeconds: got 901; expected an integer from 10 to 900 (seconds).',
    ],
    [
      { processUpload: { logLevel: 'TRACE' } },
      'processUpload.logLevel: got "TRACE"; expected DEBUG, INFO, WARN, ERROR.',
    ],
    [
      { processUpload: { reservedConcurrentExecutions: 2.5 } },
      'processUpload.reservedConcurrentExecutions: got 2.5; expected an integer of 0 or more, or left out',
    ],
    [
      { processUpload: { maximumRetryAttempts: 3 } },
      'processUpload.maximumRetryAttempts: got 3; expected an integer from 0 to 2 (attempts).',
    ],
    [
      { processUpload: { maximumEventAgeSeconds: 59 } },
      'processUpload.maximumEventAgeSeconds: got 59; expected an integer from 60 to 21,600 (seconds).',
    ],
    [
      { caller: { timeoutSeconds: 0 } },
      'caller.timeoutSeconds: got 0; expected an integer from 1 to 900 (seconds).',
    ],
    [
      { invoked: { reservedConcurrentExecutions: -1 } },
      'invoked.reservedConcurrentExecutions: got -1; expected an integer of 0 or more, or left out',
    ],
    [
      { endpoint: { authorization: 'open' } },
      'endpoint.authorization: got "open"; expected iam, or none for an endpoint that is open to the internet.',
    ],
    [
      { endpoint: { throttlingRateLimit: 0 } },
      'endpoint.throttlingRateLimit: got 0; expected an integer from 1 to 10,000 (requests a second).',
    ],
    [{ vpc: {} }, 'vpc.vpcId: got nothing; expected an id such as vpc-0123456789abcdef0.'],
    [
      { vpc: { vpcId: 'vpc-12345678', subnetIds: ['here'], routeTableIds: ['rtb-12345678'] } },
      'vpc.subnetIds.0: got "here"; expected one id or more, such as subnet-0123456789abcdef0.',
    ],
    [
      { vpc: { vpcId: 'vpc-12345678', subnetIds: [], routeTableIds: ['rtb-12345678'] } },
      'vpc.subnetIds: got []; expected one id or more, such as subnet-0123456789abcdef0.',
    ],
    [
      { awsProvider: { localEndpoint: 'https://sqs.us-east-1.amazonaws.com' } },
      'awsProvider.localEndpoint: got "https://sqs.us-east-1.amazonaws.com"; expected a URL on this machine',
    ],
    [{ state: { type: 'gcs' } }, 'state.type: got "gcs"; expected local or s3.'],
    [
      { state: { type: 's3', region: 'eu-west-1' } },
      'state.bucket: got nothing; expected the name of a bucket.',
    ],
    [
      { github: { repository: 'us/ours', environment: 'prod', ownerId: 1 } },
      'github.repositoryId: got nothing; expected an integer of 1 or more; ownerId and repositoryId both, or neither',
    ],
    [
      { memory: 512 },
      'memory: there is no such setting; at the top level there are region, namePrefix, protected, tags',
    ],
    [
      { processUpload: { release: { alias: true, canary: { version: 3, weight: 1 } } } },
      'processUpload.release.canary.weight: got 1; expected a number of more than 0 and less than 1',
    ],
    [
      { functions: { layers: ['a'] } },
      'functions.layers.0: got "a"; expected up to 5 ARNs of layer versions',
    ],
    [
      { bucket: { nam: 'x' } },
      'bucket.nam: there is no such setting; did you mean name? in bucket there are name, versioning',
    ],
  ])('refuses %j with path, value and what is allowed', (wrong, message) => {
    expect(refusal({ namePrefix: 'test', ...wrong })).toContain(message);
  });

  it.each<[object, string]>([
    [{ namePrefix: 'sg-team', vpc: VPC }, 'namePrefix: got "sg-team"; expected another start than sg-'],
    [{ namePrefix: 'sthree-team' }, 'namePrefix: got "sthree-team"; expected 2–28'],
    [{ tags: { team: 'a&b' } }, 'tags.team: got "a&b"; expected at most 40'],
    [{ tags: { 'AWS:team': 'x' } }, 'tags.AWS:team: got "AWS:team"; expected at most 40'],
    [{ region: 'eu-nowhere-1' }, 'region: got "eu-nowhere-1"; expected an AWS region'],
    [{ region: 'xx-central-1' }, 'region: got "xx-central-1"; expected an AWS region'],
    [
      { region: 'eu-west-1', functions: { layers: [LAYER] } },
      `functions.layers.0: got "${LAYER}"; expected a layer of eu-west-1`,
    ],
    [
      { region: 'eu-west-1', caller: { layers: [LAYER] } },
      `caller.layers.0: got "${LAYER}"; expected a layer of eu-west-1`,
    ],
    ...['xn--bad', 'sthree-x', 'amzn-s3-demo-x', 'x-s3alias', 'x--ol-s3', 'x--x-s3', 'x--table-s3'].map(
      (name): [object, string] => [{ bucket: { name } }, `bucket.name: got "${name}"; expected 3–63`],
    ),
    ...[0, 1].flatMap((reserved): [object, string][] => [
      [
        { trigger: 'queue', processUpload: { reservedConcurrentExecutions: reserved } },
        `processUpload.reservedConcurrentExecutions: got ${reserved}; expected 2 or more with trigger queue`,
      ],
      [
        { jobs: { queue: { enabled: true } }, invoked: { reservedConcurrentExecutions: reserved } },
        `invoked.reservedConcurrentExecutions: got ${reserved}; expected 2 or more with jobs.queue`,
      ],
    ]),
    [
      { invoked: { release: { alias: true, provisionedConcurrentExecutions: 1, canary: CANARY } } },
      'invoked.release.provisionedConcurrentExecutions: got 1; expected none with invoked.release.canary',
    ],
    [
      {
        caller: {
          reservedConcurrentExecutions: 2,
          release: { alias: true, provisionedConcurrentExecutions: 3 },
        },
      },
      'caller.release.provisionedConcurrentExecutions: got 3; expected at most caller.reservedConcurrentExecutions, 2',
    ],
    [{ uploadQueue: { batchSize: 5 } }, 'uploadQueue.batchSize: got 5; expected trigger queue with it'],
    [
      { trigger: 'topic', uploadRule: { suffix: '.csv' } },
      'uploadRule.suffix: got ".csv"; expected trigger eventbridge',
    ],
    [
      { uploadTopic: { subscribers: { people: { protocol: 'email', endpoint: 'us@example.com' } } } },
      'expected trigger topic with it, or the setting left out: trigger is direct.',
    ],
  ])('refuses %j, which AWS would refuse later, or nobody would notice', (wrong, message) => {
    expect(refusal({ namePrefix: 'test', ...wrong })).toContain(message);
  });

  it.each([
    { tags: { 'cost center': 'Überall @ home: a+b=c/d_e.f-1', empty: '' } },
    { region: 'cn-northwest-1' },
    { region: 'us-gov-east-1' },
    { region: 'eusc-de-east-1' },
    { region: 'ap-southeast-7' },
    { region: 'mx-central-1' },
    { namePrefix: 'sg-team' }, // no security group without a VPC
    { functions: { layers: [LAYER] } },
    {
      invoked: {
        release: { alias: true, provisionedConcurrentExecutions: 5 },
        reservedConcurrentExecutions: 5,
      },
    },
    { trigger: 'queue', processUpload: { reservedConcurrentExecutions: 2 } },
    { invoked: { reservedConcurrentExecutions: 0 } },
  ])('accepts %j', (settings) => {
    expect(refusal({ namePrefix: 'test', ...settings })).toBe('nothing was refused');
  });

  it('lets alarms be wrong where there are none', () => {
    const settings = { namePrefix: 'test', failureRetentionDays: 1, sweep: { everyMinutes: 240 } };

    expect(refusal({ ...settings, health: { enabled: false } })).toBe('nothing was refused');
  });

  it('says everything that is wrong at once, and where to mend it', () => {
    const message = refusal({
      namePrefix: 'test',
      region: 'x',
      processUpload: { memorySizeMb: 1, timeoutSeconds: 1 },
    });

    expect(message).toMatch(/^Settings of environment test \(config\/environments\.ts\):\n/u);
    expect(
      message
        .split('\n')
        .slice(1)
        .map((line) => line.trim().split(':')[0]),
    ).toEqual(['region', 'processUpload.memorySizeMb', 'processUpload.timeoutSeconds']);
  });
});
