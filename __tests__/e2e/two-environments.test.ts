import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  GetAliasCommand,
  LambdaClient,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { strToU8, zipSync } from 'fflate';
import { engineClientConfig } from '../../tools/local/client';
import { commandEnvironment } from '../../tools/local/environment';
import type { Environment } from '../../tools/lib/environment';
import type { EngineRecord } from '../../tools/local/record';
import { lookAtMachine } from '../../tools/machine/machine';
import { s3At } from '../../tools/local/sample';
import { awsRecord } from '../support/failure-records';
import { endOf, LocalPipeline, type Ended } from './local-pipeline';
import { until } from './until';

/** A function that logs and answers the name of its environment; its code differs by version, or none would be published. */
const codeOf = (environment: string, version = 1): Uint8Array =>
  zipSync({
    'index.js': strToU8(`exports.handler = async () => {
      console.log('ran in ${environment}');
      return 'answer of ${environment}, version ${version}';
    };`),
  });

/** An environment on the engine, as its state tells it. */
interface Deployed {
  readonly bucket: string;
  readonly queueUrl: string;
  readonly functionArn: string;
}

interface FifoQueues {
  readonly jobs: string;
  readonly failures: string;
}

describe('two environments on one engine', () => {
  let pipeline: LocalPipeline;
  let engine: EngineRecord;
  /** How Terraform is told of its provider, as `npm start` tells it. */
  let terraform: Environment;
  const deployed: Record<string, Deployed> = {};
  const fifoQueues: Record<string, FifoQueues> = {};
  const at = (name: string): Deployed => {
    const found = deployed[name];
    if (!found) throw new Error(`${name} is not deployed`);
    return found;
  };

  beforeAll(async () => {
    pipeline = await LocalPipeline.inCopy();
    engine = await pipeline.startEngine();
    const { root, env } = pipeline;
    const machine = await lookAtMachine({ root, env, withPython: false, pinProvider: true });
    terraform = machine.environment;
    for (const name of ['dev', 'prod']) deployed[name] = await deploy(name);
  });
  afterAll(() => pipeline.end());

  /** What the tools need of an environment: bucket, failure queue, function, and the state that names them. */
  async function deploy(name: string): Promise<Deployed> {
    const config = engineClientConfig(engine);
    const functionName = `upload-pipeline-${name}-process-upload`;
    const bucket = `uploads-of-${name}`;
    await s3At(engine).send(new CreateBucketCommand({ Bucket: bucket }));
    const { QueueUrl: queueUrl = '' } = await new SQSClient(config).send(
      new CreateQueueCommand({ QueueName: `upload-pipeline-${name}-failures` }),
    );
    const trust = {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: 'lambda.amazonaws.com' },
    };
    const policy = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
    const role = ['--role-name', functionName, '--assume-role-policy-document', policy];
    const roleArn = await pipeline.aws(
      'iam',
      'create-role',
      ...role,
      '--query',
      'Role.Arn',
      '--output',
      'text',
    );
    const { FunctionArn: functionArn = '' } = await new LambdaClient(config).send(
      new CreateFunctionCommand({
        FunctionName: functionName,
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Role: roleArn,
        Code: { ZipFile: codeOf(name) },
      }),
    );
    await publishTwo(functionName, name);
    const fifo = await makeFifoQueues(name);
    fifoQueues[name] = fifo;
    const outputs = {
      environment: name,
      upload_bucket: bucket,
      upload_prefix: 'uploads/',
      processed_prefix: 'processed/',
      failure_queue_url: queueUrl,
      fifo_failure_queue_url: fifo.failures,
      process_upload_function: functionName,
    };
    const values = Object.entries(outputs).map(([output, value]) => [output, { value, type: 'string' }]);
    const state = { version: 4, outputs: Object.fromEntries(values) as unknown };
    writeFileSync(path.join(pipeline.root, `terraform.${name}.tfstate`), JSON.stringify(state));
    return { bucket, queueUrl, functionArn };
  }

  /** A FIFO queue of jobs, and the one that takes what fails there once. */
  async function makeFifoQueues(name: string): Promise<FifoQueues> {
    const sqs = new SQSClient(engineClientConfig(engine));
    const create = async (
      QueueName: string,
      more: Readonly<Record<string, string>> = {},
    ): Promise<string> => {
      const Attributes = { FifoQueue: 'true', ...more };
      return (await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? '';
    };
    const failures = await create(`upload-pipeline-${name}-job-failures.fifo`);
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: failures, AttributeNames: ['QueueArn'] }),
    );
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: Attributes.QueueArn, maxReceiveCount: 1 });
    return { failures, jobs: await create(`upload-pipeline-${name}-jobs.fifo`, { RedrivePolicy }) };
  }

  /** Two versions; the alias `live` answers with the first. */
  async function publishTwo(FunctionName: string, environment: string): Promise<void> {
    const lambda = new LambdaClient(engineClientConfig(engine));
    await lambda.send(new PublishVersionCommand({ FunctionName }));
    await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: codeOf(environment, 2) }));
    await lambda.send(new PublishVersionCommand({ FunctionName }));
    await lambda.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1' }));
  }

  /** How many messages of a queue can be received. */
  async function waiting(QueueUrl = ''): Promise<string | undefined> {
    const { Attributes = {} } = await new SQSClient(engineClientConfig(engine)).send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
    );
    return Attributes.ApproximateNumberOfMessages;
  }

  /** The version that the alias of an environment's function answers with. */
  async function liveVersion(name: string): Promise<string | undefined> {
    const lambda = new LambdaClient(engineClientConfig(engine));
    const { FunctionVersion } = await lambda.send(
      new GetAliasCommand({ FunctionName: at(name).functionArn, Name: 'live' }),
    );
    return FunctionVersion;
  }

  /** A command as a person starts it, whose shell knows the engine and no environment. */
  async function tool(name: string, ...args: string[]): Promise<Ended> {
    const { paths, env, root } = pipeline;
    const variables = {
      ...commandEnvironment(env, { paths, ...engine, terraform }),
      PIPELINE_ENV: undefined,
    };
    const file = path.join('tools', name.includes('/') ? name : `operate/${name}.ts`);
    const child = spawn(process.execPath, ['--import', 'tsx', file, ...args], { cwd: root, env: variables });
    return endOf(child);
  }

  /** All that could change of an environment: its objects, and the records of its failure queue. */
  async function contentsOf(name: string): Promise<{ keys: readonly string[]; records: number }> {
    const { bucket, queueUrl } = at(name);
    const { Contents = [] } = await s3At(engine).send(new ListObjectsV2Command({ Bucket: bucket }));
    const { Attributes = {} } = await new SQSClient(engineClientConfig(engine)).send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }),
    );
    const { ApproximateNumberOfMessages: visible, ApproximateNumberOfMessagesNotVisible: hidden } =
      Attributes;
    return { keys: Contents.map(({ Key = '' }) => Key), records: Number(visible ?? 0) + Number(hidden ?? 0) };
  }

  /** Leaves an upload behind, and a record that it failed. */
  async function fail(name: string): Promise<void> {
    const { bucket, queueUrl, functionArn } = at(name);
    const key = `uploads/of-${name}.csv`;
    await s3At(engine).send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body: name, ContentLength: name.length }),
    );
    const MessageBody = JSON.stringify(awsRecord({ key, functionArn }));
    await new SQSClient(engineClientConfig(engine)).send(
      new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }),
    );
  }

  it.each(['dev', 'prod'])(
    'status, failures, sweep and audit for %s tell of it alone, and change nothing',
    async (name) => {
      if (name === 'dev') await Promise.all(['dev', 'prod'].map(fail));
      const other = name === 'dev' ? 'prod' : 'dev';
      const before = await Promise.all([contentsOf(name), contentsOf(other)]);
      const ended = await Promise.all([
        tool('status', '--env', name, '--json'),
        tool('failures', '--env', name),
        tool('sweep', '--env', name, '--dry-run', '--older-than', '1s'),
        tool('audit', '--env', name),
      ]);

      for (const { stdout, stderr } of ended) {
        expect(stderr).toMatch(
          new RegExp(`^${name}: engine https?://[^ ]+, us-east-1, bucket uploads-of-${name}\n`, 'u'),
        );
        expect(`${stdout}${stderr}`).not.toContain(`of-${other}`);
      }
      const [status, failures] = ended;
      expect(JSON.parse(status.stdout)).toMatchObject({ waiting: { number: 1 }, failures: 1 });
      expect(failures.stdout).toContain(`uploads/of-${name}.csv`);
      await expect(Promise.all([contentsOf(name), contentsOf(other)])).resolves.toEqual(before);
    },
  );

  it('redrive for dev sends dev’s record back and leaves prod’s', async () => {
    const { code, stdout } = await tool('redrive', '--env', 'dev', '--no-wait', '--as', 'for dev');

    expect({ code, stdout }).toEqual({ code: 0, stdout: '1 record redriven\n' });
    await until('dev’s queue is empty', async () => (await contentsOf('dev')).records === 0);
    await expect(contentsOf('prod')).resolves.toEqual({ keys: ['uploads/of-prod.csv'], records: 1 });
    expect((await tool('redrive', 'history', '--env', 'dev')).stdout).toContain('for dev');
    expect((await tool('redrive', 'history', '--env', 'prod')).stdout).toContain('No redrive');
  });

  it('redrive and sweep for prod want --yes, for it is protected, and leave dev alone', async () => {
    const dev = await contentsOf('dev');

    for (const name of ['redrive', 'sweep']) {
      await expect(tool(name, '--env', 'prod')).resolves.toMatchObject({
        code: 2,
        stderr: expect.stringContaining(
          'in prod, which is protected, and there is no terminal to ask on',
        ) as string,
      });
    }
    await expect(contentsOf('prod')).resolves.toMatchObject({ records: 1 });
    await expect(tool('redrive', '--env', 'prod', '--yes', '--no-wait')).resolves.toMatchObject({ code: 0 });
    await until('prod’s queue is empty', async () => (await contentsOf('prod')).records === 0);
    await expect(contentsOf('dev')).resolves.toEqual(dev);
  });

  it('redrive for dev sends what its FIFO queue gave up back in its group, and leaves prod’s', async () => {
    const sqs = new SQSClient(engineClientConfig(engine));
    const receive = async (QueueUrl = '', VisibilityTimeout = 0) => {
      const { Messages: [message] = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          VisibilityTimeout,
          MessageSystemAttributeNames: ['MessageGroupId'],
        }),
      );
      return message && { body: message.Body, group: message.Attributes?.MessageGroupId };
    };
    for (const [name, { jobs, failures }] of Object.entries(fifoQueues)) {
      const job = { MessageBody: `job of ${name}`, MessageGroupId: 'orders', MessageDeduplicationId: 'one' };
      await sqs.send(new SendMessageCommand({ QueueUrl: jobs, ...job }));
      // The first receive is its one attempt; a later one moves it.
      await until('the queue gives it up', async () => {
        await receive(jobs);
        return (await waiting(failures)) === '1';
      });
    }

    expect((await tool('failures', '--env', 'dev')).stdout).toContain('upload-pipeline-dev-jobs.fifo');
    await expect(tool('redrive', '--env', 'dev', '--no-wait')).resolves.toMatchObject({
      code: 0,
      stdout: '1 record redriven\n',
    });

    await expect(receive(fifoQueues.dev?.jobs, 60)).resolves.toEqual({ body: 'job of dev', group: 'orders' });
    await expect(waiting(fifoQueues.dev?.failures)).resolves.toBe('0');
    await expect(waiting(fifoQueues.prod?.failures)).resolves.toBe('1');
  });

  it.each(['dev', 'prod'])(
    'invoke for %s runs its function, and logs shows its lines alone',
    async (name) => {
      const other = name === 'dev' ? 'prod' : 'dev';
      const invoked = await tool('invoke', 'process-upload', '--env', name, '--yes');

      expect(invoked).toMatchObject({
        code: 0,
        stdout: expect.stringContaining(`answer of ${name}`) as string,
      });
      const shown = () => tool('logs', '--env', name);
      await until('its line is shown', async () => (await shown()).stdout.includes(`ran in ${name}`));
      expect((await shown()).stdout).not.toContain(`ran in ${other}`);
    },
  );

  it('release for dev changes which version of dev’s function answers, and leaves prod’s; prod’s wants --yes', async () => {
    const promoted = await tool('release', 'promote', '--env', 'dev');

    expect(promoted).toMatchObject({ code: 0 });
    await expect(Promise.all(['dev', 'prod'].map(liveVersion))).resolves.toEqual(['2', '1']);
    await expect(tool('release', 'promote', '--env', 'prod')).resolves.toMatchObject({ code: 2 });
    await expect(liveVersion('prod')).resolves.toBe('1');
  });

  it('deploy of a third environment beside them changes nothing of either', async () => {
    const everything = () =>
      Promise.all(
        ['dev', 'prod'].map(async (name) => ({
          ...(await contentsOf(name)),
          live: await liveVersion(name),
          state: readFileSync(path.join(pipeline.root, `terraform.${name}.tfstate`), 'utf8'),
        })),
      );
    const before = await everything();

    const deployed = await tool('change/deploy.ts', 'deploy', '--env', 'local', '--yes');
    expect({ ...deployed, code: 0 }).toEqual(deployed); // what it printed is in the message

    await expect(everything()).resolves.toEqual(before);
    await expect(tool('status', '--env', 'local')).resolves.toMatchObject({ code: 0 });
  });

  it('an environment that there is not is refused with the list', async () => {
    await expect(tool('status', '--env', 'nope')).resolves.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('known environments are local, dev, prod') as string,
    });
  });
});
