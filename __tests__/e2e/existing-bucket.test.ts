import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import {
  CreateBucketCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  paginateListObjectsV2,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { engineClientConfig, type Engine } from '../../tools/local/client';
import { commandEnvironment } from '../../tools/local/environment';
import { readRecord } from '../../tools/local/record';
import { s3At } from '../../tools/local/sample';
import { LocalPipeline } from './local-pipeline';
import { Tutorial, TUTORIAL_BUCKET } from './tutorial';
import { until } from './until';

const TEAM_BUCKET = 'team-data';
const ACCOUNT = '000000000000';

/** What the team has had for years; none of it is the pipelines'. */
const THEIRS = {
  QueueConfigurations: [
    {
      Id: 'audit-of-everything',
      QueueArn: `arn:aws:sqs:us-east-1:${ACCOUNT}:team-audit`,
      Events: ['s3:ObjectCreated:*' as const, 's3:ObjectRemoved:*' as const],
    },
    {
      Id: 'images only',
      QueueArn: `arn:aws:sqs:us-east-1:${ACCOUNT}:team-images`,
      Events: ['s3:ObjectCreated:Put' as const],
      Filter: {
        Key: {
          FilterRules: [
            { Name: 'prefix' as const, Value: 'images/' },
            { Name: 'suffix' as const, Value: '.jpg' },
          ],
        },
      },
    },
  ],
};

/** The policy of a queue that S3 may send to. */
const acceptFromS3 = (queueName: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: `arn:aws:sqs:us-east-1:${ACCOUNT}:${queueName}`,
      },
    ],
  });

/** How the doctor ended. */
interface Said {
  readonly code: number;
  readonly stdout: string;
}

/** Settings of a copy's environment `local`, in TypeScript. */
interface Adopted {
  readonly namePrefix: string;
  readonly bucket: string;
  readonly versioned: boolean;
  readonly upload: string;
  readonly processed: string;
}

/** Makes the environment `local` of a copy use a bucket that exists. */
function adopt(root: string, original: string, to: Adopted): void {
  const more = [
    `namePrefix: '${to.namePrefix}',`,
    "trigger: 'eventbridge',",
    `onExisting: '${to.versioned ? 'replace' : 'keepBoth'}',`,
    `prefixes: { upload: '${to.upload}', processed: '${to.processed}' },`,
  ];
  writeFileSync(
    path.join(root, 'config/environments.ts'),
    original
      .replace("namePrefix: 'upload-pipeline-local',", more.join(' '))
      .replace('forceDestroy: true,', `existing: { name: '${to.bucket}', versioned: ${to.versioned} },`),
  );
}

/** These tests tell one story, in order: one engine, two pipelines, and buckets that were there before them. */
describe('a bucket that exists', () => {
  let engine: Engine;
  let reports: LocalPipeline;
  let invoices: LocalPipeline;
  let tutorial: Tutorial | undefined;
  /** What the doctor said before and after it was asked to add what was missing. */
  let sick: Said;
  let healed: Said;
  /** What S3 answered of the notifications before anything was deployed, byte for byte. */
  let before: string;
  const original = readFileSync('config/environments.ts', 'utf8');
  const s3 = () => s3At(engine);

  beforeAll(async () => {
    [reports, invoices] = await Promise.all([LocalPipeline.inCopy(), LocalPipeline.inCopy()]);
    await reports.startEngine();
    engine = (await readRecord(reports.paths)) ?? { endpoint: '' };
    const sqs = new SQSClient(engineClientConfig(engine));
    await Promise.all(
      ['team-audit', 'team-images'].map((QueueName) =>
        sqs.send(new CreateQueueCommand({ QueueName, Attributes: { Policy: acceptFromS3(QueueName) } })),
      ),
    );
    await s3().send(new CreateBucketCommand({ Bucket: TEAM_BUCKET }));
    await s3().send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: TEAM_BUCKET,
        NotificationConfiguration: THEIRS,
        SkipDestinationValidation: true,
      }),
    );
    const shared = { namePrefix: 'reports', bucket: TEAM_BUCKET, versioned: true };
    adopt(reports.root, original, { ...shared, upload: 'uploads/', processed: 'processed/' });
    adopt(invoices.root, original, {
      ...shared,
      namePrefix: 'invoices',
      upload: 'invoices/in/',
      processed: 'invoices/done/',
    });
    sick = await doctor();
    healed = await doctor('--apply-bucket', '--yes');
    before = await notifications();
    await Promise.all([reports.start(), invoices.start(onEngine())]);
  });

  /** An engine is enough for both: the second uses the first one's as if it were a person's own. */
  const onEngine = () => ({
    AWS_ENDPOINT_URL: engine.endpoint,
    ...(engine.certificate !== undefined && { AWS_CA_BUNDLE: engine.certificate }),
  });

  afterAll(async () => {
    await invoices.end();
    await reports.end();
    tutorial?.remove();
  });

  const put = (Bucket: string, Key: string, Body = `content of ${Key}`) =>
    s3().send(new PutObjectCommand({ Bucket, Key, Body }));

  async function keysUnder(Bucket: string, Prefix = ''): Promise<string[]> {
    const keys: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3() }, { Bucket, Prefix })) {
      keys.push(...Contents.map(({ Key = '' }) => Key));
    }
    return keys;
  }

  /** Every key, with its content; while nothing moves. */
  async function contents(Bucket: string, Prefix = ''): Promise<Record<string, string>> {
    const keys = await keysUnder(Bucket, Prefix);
    const all = keys.map(async (Key) => {
      const { Body } = await s3().send(new GetObjectCommand({ Bucket, Key }));
      return [Key, (await Body?.transformToString()) ?? ''] as const;
    });
    return Object.fromEntries(await Promise.all(all));
  }

  const untilEmpty = (bucket: string, prefix: string) =>
    until(`nothing is left under ${prefix}`, async () => (await keysUnder(bucket, prefix)).length === 0);

  /** The notification configuration as S3's answer has it. */
  async function notifications(): Promise<string> {
    const client = s3();
    let bytes = '';
    client.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        const { body } = result.response as { body: AsyncIterable<Buffer> };
        const chunks: Buffer[] = [];
        for await (const chunk of body) chunks.push(chunk);
        bytes = Buffer.concat(chunks).toString();
        Object.assign(result.response as object, { body: Buffer.concat(chunks) });
        return result;
      },
      { step: 'deserialize', priority: 'low' },
    );
    await client.send(new GetBucketNotificationConfigurationCommand({ Bucket: TEAM_BUCKET }));
    return bytes;
  }

  /** `npm run doctor` before the first deployment. */
  const doctor = async (...args: string[]) => {
    const { root, paths, env: shell } = reports;
    const tsx = path.join(root, 'node_modules', '.bin', 'tsx');
    const options = { cwd: root, env: { ...commandEnvironment(shell, { paths, ...engine }) } };
    return promisify(execFile)(tsx, ['tools/plan/doctor.ts', '--json', ...args], options).then(
      ({ stdout }) => ({ code: 0, stdout }),
      (error: unknown) => error as Said,
    );
  };

  it('lacks versions and EventBridge, which the doctor finds and, asked to, adds', async () => {
    expect(failures(sick.stdout)).toEqual(['Versions', 'EventBridge']);
    expect(sick.code).toBe(1);
    expect(failures(healed.stdout)).toEqual([]);
    expect(healed.code).toBe(0);
    const { $metadata, ...now } = await s3().send(
      new GetBucketNotificationConfigurationCommand({ Bucket: TEAM_BUCKET }),
    );
    expect($metadata.httpStatusCode).toBe(200);
    expect(now).toEqual({ ...THEIRS, EventBridgeConfiguration: {} });
    expect(before).toContain('audit-of-everything');
  });

  it('serves two stacks, each with prefixes of its own', async () => {
    await Promise.all([
      put(TEAM_BUCKET, 'uploads/a/report.csv'),
      put(TEAM_BUCKET, 'uploads/b/report.csv'),
      put(TEAM_BUCKET, 'invoices/in/1.pdf'),
      put(TEAM_BUCKET, 'theirs/uploads/x'),
    ]);
    await Promise.all([untilEmpty(TEAM_BUCKET, 'uploads/'), untilEmpty(TEAM_BUCKET, 'invoices/in/')]);

    const moved = await contents(TEAM_BUCKET);
    expect(Object.keys(moved).filter((key) => !key.includes('hello-'))).toEqual(
      expect.arrayContaining([
        'invoices/done/1.pdf',
        'processed/a/report.csv',
        'processed/b/report.csv',
        'theirs/uploads/x',
      ]),
    );
    expect(moved).toMatchObject({
      'processed/a/report.csv': 'content of uploads/a/report.csv',
      'processed/b/report.csv': 'content of uploads/b/report.csv',
      'invoices/done/1.pdf': 'content of invoices/in/1.pdf',
      'theirs/uploads/x': 'content of theirs/uploads/x',
    });
  });

  it('still tells the others of what is theirs', async () => {
    await put(TEAM_BUCKET, 'images/cat.jpg');

    const sqs = new SQSClient(engineClientConfig(engine));
    const QueueUrl = `${engine.endpoint}/${ACCOUNT}/team-images`;
    const told = await until('the team hears of its image', async () => {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }));
      return Messages.map(({ Body = '' }) => Body).find((body) => body.includes('images/cat.jpg'));
    });
    expect(told).toContain('"images only"');
  });

  it('is swept, audited and looked at as an own bucket is', async () => {
    const [sweep, audit, status] = await Promise.all([
      reports.tool('sweep', '--older-than', '1s'),
      reports.tool('audit', '--json'),
      reports.tool('status', '--json'),
    ]);

    expect([sweep.code, audit.code, status.code]).toEqual([0, 0, 0]);
    expect(JSON.parse(status.stdout)).toMatchObject({
      waiting: { number: 0 },
      elsewhere: { number: 0 },
    });
  });

  it('moves what the tutorial’s pipeline left behind and what it was told of, once, and apart', async () => {
    tutorial = await Tutorial.on(reports, engine);
    await tutorial.apply('-target=aws_s3_bucket.uploads');
    // Nobody was told of these, and their base names are the same.
    const left = ['a', 'b', 'c'].flatMap((folder) =>
      ['report.csv', 'x y+z.txt'].map((name) => `uploads/${folder}/${name}`),
    );
    await Promise.all(left.map((key) => put(TUTORIAL_BUCKET, key)));
    await tutorial.apply();
    await put(TUTORIAL_BUCKET, 'uploads/old-way.csv');
    await until('the tutorial moved it', async () =>
      (await keysUnder(TUTORIAL_BUCKET)).includes('processed/old-way.csv'),
    );

    // Beside, while EventBridge is off: the pipeline hears of nothing yet.
    adopt(invoices.root, original, {
      namePrefix: 'invoices',
      bucket: TUTORIAL_BUCKET,
      versioned: false,
      upload: 'uploads/',
      processed: 'processed/',
    });
    await invoices.start(onEngine());

    // Uploads come all the while that the switch is made.
    const switched = new AbortController();
    const meanwhile: string[] = [];
    const uploading = (async () => {
      while (!switched.signal.aborted) {
        const key = `uploads/meanwhile/${meanwhile.length}.csv`;
        meanwhile.push(key);
        await put(TUTORIAL_BUCKET, key);
        await sleep(200); // the engine starts a process for each
      }
    })();
    await tutorial.switchOver();
    switched.abort();
    await uploading;
    meanwhile.push('uploads/meanwhile/after it.csv');
    await put(TUTORIAL_BUCKET, 'uploads/meanwhile/after it.csv');
    await untilEmpty(TUTORIAL_BUCKET, 'uploads/meanwhile/');
    const sweep = await invoices.tool('sweep', '--older-than', '1s', '--rate', '5');
    await untilEmpty(TUTORIAL_BUCKET, 'uploads/');
    await tutorial.retire();
    await Promise.all(['p', 'q'].map((folder) => put(TUTORIAL_BUCKET, `uploads/${folder}/same.csv`)));
    await untilEmpty(TUTORIAL_BUCKET, 'uploads/');

    expect(sweep).toMatchObject({ code: 0 });
    const uploaded = [
      ...left,
      ...meanwhile,
      'uploads/old-way.csv',
      'uploads/p/same.csv',
      'uploads/q/same.csv',
    ];
    const now = Object.entries(await contents(TUTORIAL_BUCKET, 'processed/')).filter(
      ([key]) => !key.includes('hello-'),
    );
    // Each content once, under any key.
    expect(now.map(([, content]) => content).sort()).toEqual(
      uploaded.map((key) => `content of ${key}`).sort(),
    );
    // By its whole path, but for what the tutorial's own function moved by its base name.
    const byPath = Object.fromEntries(now);
    for (const key of [...left, 'uploads/p/same.csv', 'uploads/q/same.csv']) {
      expect(byPath[key.replace('uploads/', 'processed/')]).toBe(`content of ${key}`);
    }
    expect(byPath['processed/0.csv']).toBe('content of uploads/meanwhile/0.csv');
    expect(byPath['processed/meanwhile/after it.csv']).toBe('content of uploads/meanwhile/after it.csv');
  });

  it('stays when the stacks are destroyed, with all that is in it and all that was set', async () => {
    const all = async () => {
      const both = await Promise.all([contents(TEAM_BUCKET), contents(TUTORIAL_BUCKET)]);
      // The sweeps, which the engine starts every minute, write their notes until they are gone.
      return both.map((bucket) =>
        Object.entries(bucket).filter(([key]) => !key.startsWith('.upload-pipeline/')),
      );
    };
    const kept = await all();

    await Promise.all(
      [reports, invoices].map((pipeline) =>
        pipeline.run('npx', 'tsx', 'tools/change/deploy.ts', 'destroy', '--yes'),
      ),
    );

    expect(await all()).toEqual(kept);
    expect(kept.flat().length).toBeGreaterThan(10);
    expect(await notifications()).toBe(before);
    expect(await s3().send(new GetBucketVersioningCommand({ Bucket: TEAM_BUCKET }))).toMatchObject({
      Status: 'Enabled',
    });
  });

  const failures = (json: string): string[] =>
    (JSON.parse(json) as { what: string; level: string }[])
      .filter(({ level }) => level === 'failure')
      .map(({ what }) => what);
});
