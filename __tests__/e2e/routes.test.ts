import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { readS3Event } from '../../handlers/shared/s3-event';
import { encodeKey } from '../support/events';
import { STRANGE_KEYS } from '../support/strange-keys';
import { LocalPipeline } from './local-pipeline';
import { until } from './until';

const UPLOADS = 200;

/** Longer than the engine takes for all attempts of the events that it tries again. */
const ATTEMPTS_SECONDS = 5;
/** Longer than the function takes for a batch of two. */
const SECONDS_HIDDEN = 15;

const NAME = "namePrefix: 'upload-pipeline-local',";

/** So long that it has no room below `processed/`. */
const POISON = `uploads/${'0'.repeat(1024 - 'uploads/'.length)}`;

const processedKeyOf = (key: string): string => key.replace(/^uploads\//u, 'processed/');

/** Strange keys, each in a folder of its own; the one that fills a key to its end only once. */
const keysOf = (route: string): string[] => {
  const [long, ...strange] = STRANGE_KEYS.map(([, key]) => key).sort((a, b) => b.length - a.length);
  const rest = Array.from({ length: UPLOADS - 1 }, (_, index) => {
    const key = strange[index % strange.length] ?? '';
    return key.replace(/^uploads\//u, `uploads/${route}/${index}/`);
  });
  return [long ?? '', ...rest];
};

/**
 * How many are uploaded at a time: as many as the machine can begin at once where the engine attempts a delivery only
 * once; by the queue all of them, because the queue holds back what is more than the function may run.
 */
const AT_ONCE = { topic: 10, eventbridge: 10, queue: UPLOADS } as const;

/** Settings beside the trigger: limits that make a failure quick, and back-pressure that a laptop can feel. */
const SETTINGS = {
  topic: '',
  eventbridge: '',
  queue: 'uploadQueue: { maxReceiveCount: 1, maximumConcurrency: 4 }, processUpload: { timeoutSeconds: 10 },',
} as const;

/**
 * What a failure leaves in the failure queue. The engine hands events of SNS and EventBridge to the function once and
 * tells nobody of a failure, so that nothing comes of these ways on it; that their destinations are set is shown on the
 * synthesized stack.
 */
const LEFT = {
  topic: { what: 'nothing on this engine', record: null },
  eventbridge: { what: 'nothing on this engine', record: null },
  queue: {
    what: 'what S3 told of them',
    record: { Records: [expect.objectContaining({ eventSource: 'aws:s3', s3: s3Of(POISON) }) as unknown] },
  },
} as const;

/** These tests tell one story, in order: the same deployment, of which only `trigger` changes. */
describe.each(['topic', 'eventbridge', 'queue'] as const)('uploads by %s', (trigger) => {
  const pipeline = () => {
    if (!shared) throw new Error('There is no pipeline.');
    return shared;
  };

  it('move after a deployment that changes nothing but the trigger', async () => {
    setTrigger(pipeline().root, trigger);

    await pipeline().start();

    expect(await pipeline().contentOf(pipeline().started.sample.processedKey)).toBe('Hello, pipeline!\n');
  });

  it(`move, ${UPLOADS} with strange keys, content intact`, async () => {
    const keys = keysOf(trigger);

    for (let first = 0; first < keys.length; first += AT_ONCE[trigger]) {
      const wave = keys.slice(first, first + AT_ONCE[trigger]);
      await Promise.all(wave.map((key) => pipeline().upload(key, `content of ${key}`)));
      await pipeline().untilMoved();
    }

    const contents = await Promise.all(keys.map((key) => pipeline().contentOf(processedKeyOf(key))));
    expect(contents).toEqual(keys.map((key) => `content of ${key}`));
    await untilToldOf(keys.map(processedKeyOf), pipeline());
    // The engine answers some of Terraform's reads of a bucket with a listing, and XML cannot hold every key.
    await Promise.all(keys.map((key) => pipeline().delete(processedKeyOf(key))));
  });

  it('stay where they are when they must fail, and none is moved by halves', async () => {
    if (trigger === 'queue') await hideOnlyFor(SECONDS_HIDDEN, pipeline());
    await pipeline().upload(POISON, 'too long once moved');
    await pipeline().upload('uploads/after it', 'moved');

    // Its copy is there a moment before the upload is gone.
    await until(
      'the next one is moved',
      async () => !(await pipeline().keysUnder('uploads/')).includes('uploads/after it'),
    );
    expect(await pipeline().keysUnder('uploads/')).toEqual([POISON]);
    expect(await pipeline().contentOf('processed/after it')).toBe('moved');
  });

  it(`put into the failure queue: ${LEFT[trigger].what}`, async () => {
    expect(await failureOf(pipeline(), trigger)).toEqual(LEFT[trigger].record);

    await pipeline().delete(POISON);
    await pipeline().delete('processed/after it');
  });
});

let shared: LocalPipeline | undefined;
beforeAll(async () => {
  shared = await LocalPipeline.inCopy();
});
afterAll(() => shared?.end());

/** Makes the environment `local` of a copy use a trigger, and tell a queue of what is processed. */
function setTrigger(root: string, trigger: keyof typeof SETTINGS): void {
  const file = path.join(root, 'config/environments.ts');
  const [before = '', after = ''] = readFileSync(file, 'utf8').split(NAME);
  const rest = after.replace(/^ trigger: .*$/mu, '');
  const settings = `trigger: '${trigger}', onProcessed: { queue: true }, ${SETTINGS[trigger]}`;
  writeFileSync(file, `${before}${NAME} ${settings}${rest}`);
}

/** Reads the queue of `onProcessed` until it has told of every one of some keys. */
async function untilToldOf(keys: readonly string[], { started, clientConfig }: LocalPipeline): Promise<void> {
  const sqs = new SQSClient(clientConfig);
  const QueueUrl = `${started.endpoint}/000000000000/upload-pipeline-local-processed`;
  const missing = new Set(keys);
  await until(
    'the queue has told of every processed object',
    async () => {
      const request = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 });
      const { Messages = [] } = await sqs.send(request);
      for (const { Body = '' } of Messages)
        for (const news of readS3Event(JSON.parse(Body))) missing.delete(news.key);
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      if (Entries.length > 0) await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
      return missing.size === 0;
    },
    () => `it has not told of ${[...missing].slice(0, 3).join(', ')} and ${missing.size - 3} others`,
  );
}

/** The next record in the failure queue. */
async function failureOf(pipeline: LocalPipeline, trigger: keyof typeof LEFT): Promise<unknown> {
  if (LEFT[trigger].record === null) return pipeline.failureWithin(ATTEMPTS_SECONDS);
  return pipeline.nextFailure();
}

/** Sets how long a failed upload stays hidden: by the settings that is a minute, six times the function's time. */
async function hideOnlyFor(seconds: number, { started, clientConfig }: LocalPipeline): Promise<void> {
  await new SQSClient(clientConfig).send(
    new SetQueueAttributesCommand({
      QueueUrl: `${started.endpoint}/000000000000/upload-pipeline-local-uploads`,
      Attributes: { VisibilityTimeout: String(seconds) },
    }),
  );
}

/** The part of S3's record that names an object. */
function s3Of(key: string): unknown {
  return expect.objectContaining({ object: expect.objectContaining({ key: encodeKey(key) }) as unknown });
}
