import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  AddPermissionCommand,
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  GetFunctionConcurrencyCommand,
  InvokeCommand,
  LambdaClient,
  PutFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { strToU8, zipSync } from 'fflate';
import { REGION } from '../../../tools/local/environment';
import { engineClientConfig, type Engine } from '../../../tools/local/client';
import { until } from '../until';
import { credentialsIn, elements, EngineApi, type Credentials } from './engine-api';

const ACCOUNT = '000000000000';

/** Whether it happened without the permission, and with it. */
export interface Tried {
  readonly without: boolean;
  readonly with: boolean;
}

type Trial = (lab: Lab) => Promise<Tried>;

/** What is tried on the engine, by the words of the table in docs/local.md. */
export const TRIALS: Readonly<Record<string, Trial>> = {
  'identity policy of a role': (lab) =>
    lab.asRole((allowed) => (allowed ? [allow('s3:GetObject', '*')] : [])),
  'permissions boundary of a role': (lab) =>
    lab.asRole(() => [allow('s3:*', '*')], { boundary: (allowed) => (allowed ? 's3:*' : 'sqs:*') }),
  'session policy of `AssumeRole`': (lab) =>
    lab.asRole(() => [allow('s3:*', '*')], { session: (allowed) => (allowed ? 's3:*' : 'sqs:*') }),
  'trust policy of a role: who may assume it': async (lab) => {
    const user = await lab.user([allow('sts:AssumeRole', '*')]);
    const assume = async (principal: string): Promise<boolean> => {
      const role = await lab.role([], { trust: { AWS: principal } });
      return succeeds(() => lab.assume(role, user));
    };
    return {
      without: await assume(`arn:aws:iam::${ACCOUNT}:user/nobody`).catch(() => false),
      with: await assume(user.arn),
    };
  },
  'trust policy: subject and audience of a token (OIDC)': async (lab) => {
    const assume = (subject: string, audience: string): Promise<boolean> =>
      succeeds(() => lab.assumeByToken(subject, audience));
    return {
      without:
        (await assume('repo:us/others:ref:refs/heads/main', 'sts.amazonaws.com')) ||
        (await assume('repo:us/ours:ref:refs/heads/main', 'someone.else')),
      with: await assume('repo:us/ours:ref:refs/heads/main', 'sts.amazonaws.com'),
    };
  },
  'bucket policy that denies': async (lab) => {
    const session = await lab.session([allow('s3:*', '*')]);
    const read = (): Promise<boolean> => succeeds(() => lab.read(session));
    const before = await read();
    await lab.s3.send(
      new PutBucketPolicyCommand({
        Bucket: lab.bucket,
        Policy: document([
          { ...allow('s3:GetObject', `arn:aws:s3:::${lab.bucket}/*`), Effect: 'Deny', Principal: '*' },
        ]),
      }),
    );
    const after = await read();
    await lab.s3.send(
      new PutBucketPolicyCommand({
        Bucket: lab.bucket,
        Policy: document([
          { ...allow('s3:ListBucket', `arn:aws:s3:::${lab.bucket}`), Principal: { AWS: ACCOUNT } },
        ]),
      }),
    );
    return { without: after, with: before };
  },
  'queue policy that denies': async (lab) => {
    const session = await lab.session([allow('sqs:*', '*')]);
    const send = async (effect: string): Promise<boolean> => {
      const url = await lab.queue({ Effect: effect, Principal: '*' });
      return succeeds(() =>
        lab.sqsAs(session).send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'm' })),
      );
    };
    return { without: await send('Deny'), with: await send('Allow') };
  },
  'key policy (KMS)': async (lab) => {
    const session = await lab.session([allow('kms:*', '*')]);
    const encrypt = async (principal: string): Promise<boolean> => {
      const Policy = document([{ ...allow('kms:*', '*'), Principal: { AWS: principal } }]);
      const made = (await lab.api.json('kms', 'TrentService.CreateKey', {
        Policy,
        BypassPolicyLockoutSafetyCheck: true,
      })) as {
        KeyMetadata: { KeyId: string };
      };
      const input = { KeyId: made.KeyMetadata.KeyId, Plaintext: 'YQ==' };
      return succeeds(() => lab.api.as(session).json('kms', 'TrentService.Encrypt', input));
    };
    const other = await lab.role([]);
    return { without: await encrypt(other), with: await encrypt(`arn:aws:iam::${ACCOUNT}:root`) };
  },
  'condition on a resource’s tags': async (lab) => {
    const session = await lab.session([
      { ...allow('sqs:SendMessage', '*'), Condition: { StringEquals: { 'aws:ResourceTag/team': 'ours' } } },
    ]);
    const send = async (team: string): Promise<boolean> => {
      const url = await lab.queue(undefined, { team });
      return succeeds(() =>
        lab.sqsAs(session).send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'm' })),
      );
    };
    return { without: await send('theirs'), with: await send('ours') };
  },
  '`iam:PassRole` for a function’s role': async (lab) => {
    const role = await lab.role([]);
    const create = async (...more: Statement[]): Promise<boolean> => {
      const session = await lab.session([allow('lambda:*', '*'), ...more]);
      return succeeds(() => lab.createFunction({ role, as: session }));
    };
    return { without: await create(), with: await create(allow('iam:PassRole', role)) };
  },
  '`iam:PermissionsBoundary` when a role is made': async (lab) => {
    const boundary = await lab.policy([allow('s3:*', '*')]);
    const session = await lab.session([
      {
        ...allow('iam:CreateRole', '*'),
        Condition: { StringEquals: { 'iam:PermissionsBoundary': boundary } },
      },
    ]);
    const create = (more: Record<string, string>): Promise<boolean> =>
      succeeds(() =>
        lab.api.as(session).query('iam', 'CreateRole', {
          RoleName: lab.name('role'),
          AssumeRolePolicyDocument: document([trust({ Service: 'lambda.amazonaws.com' })]),
          ...more,
        }),
      );
    return { without: await create({}), with: await create({ PermissionsBoundary: boundary }) };
  },
  'a `*` in a policy: line breaks in a key too': async (lab) => {
    await lab.put('line\nbreak');
    const read = async (pattern: string): Promise<boolean> => {
      const session = await lab.session([allow('s3:GetObject', `arn:aws:s3:::${lab.bucket}/${pattern}`)]);
      return succeeds(() => lab.read(session, 'line\nbreak'));
    };
    return { without: await read('line'), with: await read('line*') };
  },
  '`lambda:GetFunctionConcurrency`': async (lab) => {
    const FunctionName = await lab.createFunction({ role: await lab.role([]) });
    const read = async (action: string): Promise<boolean> => {
      const credentials = await lab.session([allow(action, functionArn(FunctionName))]);
      const lambda = new LambdaClient({ ...engineClientConfig(lab.engine), credentials });
      return succeeds(() => lambda.send(new GetFunctionConcurrencyCommand({ FunctionName })));
    };
    return {
      without: await read('lambda:PutFunctionConcurrency'),
      with: await read('lambda:GetFunctionConcurrency'),
    };
  },
  '`logs:DescribeLogGroups`: on all groups': async (lab) => {
    const describe = async (resource: string): Promise<boolean> => {
      const session = await lab.session([allow('logs:DescribeLogGroups', resource)]);
      return succeeds(() => lab.api.as(session).json('logs', 'Logs_20140328.DescribeLogGroups', {}));
    };
    const groups = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:`;
    return { without: await describe(`${groups}/aws/lambda/*`), with: await describe(`${groups}*`) };
  },
  '`events:DescribeRule`: a rule of the default bus': async (lab) => {
    const rule = await lab.rule(queueArn(await lab.queue()));
    const describe = async (resource: string): Promise<boolean> => {
      const session = await lab.session([allow('events:DescribeRule', resource)]);
      const Name = rule.split('/').at(-1);
      return succeeds(() => lab.api.as(session).json('events', 'AWSEvents.DescribeRule', { Name }));
    };
    return { without: await describe(`${rule}-another`), with: await describe(rule) };
  },
  'a batch of SQS: the permission for one message': async (lab) => {
    const QueueUrl = await lab.queue();
    const send = async (action: string): Promise<boolean> => {
      const session = await lab.session([allow(action, queueArn(QueueUrl))]);
      const Entries = [{ Id: '1', MessageBody: 'm' }];
      return succeeds(() => lab.sqsAs(session).send(new SendMessageBatchCommand({ QueueUrl, Entries })));
    };
    return { without: await send('sqs:ReceiveMessage'), with: await send('sqs:SendMessage') };
  },
  'a stream of DynamoDB: its ARN': async (lab) => {
    const table = (await lab.api.json('dynamodb', 'DynamoDB_20120810.CreateTable', {
      TableName: lab.name('table'),
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    })) as { TableDescription: { LatestStreamArn: string } };
    const StreamArn = table.TableDescription.LatestStreamArn;
    const read = async (resource: string): Promise<boolean> => {
      const api = lab.api.as(await lab.session([allow('dynamodb:*', resource)]));
      const streams = (action: string, body: object): Promise<unknown> =>
        api.json('dynamodb', `DynamoDBStreams_20120810.${action}`, body);
      return succeeds(async () => {
        const { StreamDescription } = (await streams('DescribeStream', { StreamArn })) as {
          StreamDescription: { Shards: readonly { ShardId: string }[] };
        };
        const ShardId = StreamDescription.Shards[0]?.ShardId;
        const shard = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
        await streams('GetRecords', (await streams('GetShardIterator', shard)) as object);
      });
    };
    return { without: await read(`${StreamArn}-another`), with: await read(StreamArn) };
  },
  'policy of a VPC endpoint': async (lab) => {
    const [VpcId = ''] = elements(
      await lab.api.query('ec2', 'CreateVpc', { CidrBlock: '10.0.0.0/16' }),
      'vpcId',
    );
    const PolicyDocument = document([{ ...allow('s3:*', '*'), Effect: 'Deny', Principal: '*' }]);
    const ServiceName = `com.amazonaws.${REGION}.s3`;
    await lab.api.query('ec2', 'CreateVpcEndpoint', { VpcId, ServiceName, PolicyDocument });
    const session = await lab.session([allow('s3:GetObject', '*')]);
    return { without: await succeeds(() => lab.read(session)), with: true };
  },
  'S3 to Lambda: the function’s permission for the bucket': (lab) =>
    lab.events(async (functionName, allowed) => {
      if (allowed) await lab.permit(functionName, 's3.amazonaws.com', `arn:aws:s3:::${lab.bucket}`);
      await lab.notify({
        LambdaFunctionConfigurations: [
          { LambdaFunctionArn: functionArn(functionName), Events: ['s3:ObjectCreated:*'] },
        ],
      });
      return lab.put;
    }),
  'SNS to Lambda: the function’s permission for the topic': (lab) =>
    lab.events(async (functionName, allowed) => {
      const topic = await lab.topic();
      if (allowed) await lab.permit(functionName, 'sns.amazonaws.com', topic);
      const subscription = { TopicArn: topic, Protocol: 'lambda', Endpoint: functionArn(functionName) };
      await lab.api.query('sns', 'Subscribe', subscription);
      return async (marker) => lab.api.query('sns', 'Publish', { TopicArn: topic, Message: marker });
    }),
  'EventBridge to Lambda: the function’s permission for the rule': (lab) =>
    lab.events(async (functionName, allowed) => {
      const rule = await lab.rule(functionArn(functionName));
      if (allowed) await lab.permit(functionName, 'events.amazonaws.com', rule);
      return lab.putEvent;
    }),
  'S3 to SQS: the queue’s policy': (lab) => lab.toQueue('s3.amazonaws.com', (arn) => lab.notifyQueue(arn)),
  'S3 to SQS: `aws:SourceArn` in the queue’s policy': (lab) =>
    lab.toQueue('s3.amazonaws.com', (arn) => lab.notifyQueue(arn), {
      without: { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::another' } },
      with: { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::BUCKET' } },
    }),
  'S3 to SQS: `aws:SourceAccount` in the queue’s policy': (lab) =>
    lab.toQueue('s3.amazonaws.com', (arn) => lab.notifyQueue(arn), {
      without: { StringEquals: { 'aws:SourceAccount': '111111111111' } },
      with: { StringEquals: { 'aws:SourceAccount': ACCOUNT } },
    }),
  'SNS to SQS: the queue’s policy': (lab) =>
    lab.toQueue('sns.amazonaws.com', async (arn) => {
      const topic = await lab.topic();
      await lab.api.query('sns', 'Subscribe', { TopicArn: topic, Protocol: 'sqs', Endpoint: arn });
      return async (marker) => lab.api.query('sns', 'Publish', { TopicArn: topic, Message: marker });
    }),
  'S3 to SNS: the topic’s policy': (lab) => lab.throughTopic(),
  'EventBridge to SQS: the queue’s policy': (lab) =>
    lab.toQueue('events.amazonaws.com', async (arn) => {
      await lab.rule(arn);
      return lab.putEvent;
    }),
  'Lambda’s failure destination: the role’s `sqs:SendMessage`': async (lab) => {
    const fails = async (allowed: boolean): Promise<boolean> => {
      const statements = allowed ? [allow('sqs:SendMessage', '*')] : [];
      const url = await lab.queue();
      const functionName = await lab.createFunction({
        role: await lab.role(statements, { trust: { Service: 'lambda.amazonaws.com' } }),
        code: 'exports.handler = async () => { throw new Error("always"); };',
      });
      const OnFailure = { Destination: queueArn(url) };
      return (
        (await succeeds(async () => {
          await lab.lambda.send(
            new PutFunctionEventInvokeConfigCommand({
              FunctionName: functionName,
              MaximumRetryAttempts: 0,
              DestinationConfig: { OnFailure },
            }),
          );
        })) &&
        lab.happens(allowed, 'the failure is in the queue', async () => {
          await lab.lambda.send(
            new InvokeCommand({ FunctionName: functionName, InvocationType: 'Event', Payload: '{}' }),
          );
          const request = { QueueUrl: url, WaitTimeSeconds: 1 };
          const { Messages = [] } = await lab.sqs.send(new ReceiveMessageCommand(request));
          return Messages.length > 0;
        })
      );
    };
    return { without: await fails(false), with: await fails(true) };
  },
  'Lambda’s poller of a queue: the role’s `sqs:ReceiveMessage`': async (lab) => {
    const poll = async (allowed: boolean): Promise<boolean> => {
      const statements = allowed ? [allow('sqs:*', '*')] : [];
      const url = await lab.queue();
      const functionName = await lab.createFunction({
        role: await lab.role(statements, { trust: { Service: 'lambda.amazonaws.com' } }),
      });
      const mapping = { EventSourceArn: queueArn(url), FunctionName: functionName };
      if (!(await succeeds(() => lab.lambda.send(new CreateEventSourceMappingCommand(mapping)))))
        return false;
      await lab.sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'polled' }));
      return lab.hasRun(functionName, 'polled', allowed);
    };
    return { without: await poll(false), with: await poll(true) };
  },
  'a function’s log: the role’s `logs:PutLogEvents`': async (lab) => {
    const logs = async (allowed: boolean): Promise<boolean> => {
      const statements = allowed ? [allow('logs:*', '*')] : [];
      const role = await lab.role(statements, { trust: { Service: 'lambda.amazonaws.com' } });
      const functionName = await lab.createFunction({ role });
      return lab.happens(allowed, `${functionName} logs a line`, async () => {
        await lab.lambda.send(
          new InvokeCommand({ FunctionName: functionName, Payload: '{"marker": "logged"}' }),
        );
        return lab.logged(functionName, 'logged');
      });
    };
    return { without: await logs(false), with: await logs(true) };
  },
};

interface Statement {
  readonly Effect: string;
  readonly Action: string;
  readonly Resource?: string;
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

const allow = (Action: string, Resource: string): Statement => ({ Effect: 'Allow', Action, Resource });
const trust = (Principal: unknown): Statement => ({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal });
const document = (Statement: readonly Statement[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement });
const functionArn = (name: string): string => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;
const queueArn = (url: string): string => `arn:aws:sqs:${REGION}:${ACCOUNT}:${url.split('/').at(-1) ?? ''}`;

async function succeeds(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (
      /denied|not authorized|unauthorized|does not have permission|cannot be assumed|nothing came|not permit|unable to validate/iu.test(
        String(error),
      )
    )
      return false;
    throw error;
  }
}

type Fire = (marker: string) => Promise<unknown>;

/** How long something is looked for that is not expected, in milliseconds. */
const SHORT_LOOK_MS = 300;
/** How often an event is looked for before it is sent again. */
const LOOKS_AN_EVENT = 20;

/** An engine of its own, with what trials are made of. */
export class Lab {
  readonly api: EngineApi;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly lambda: LambdaClient;
  bucket = '';
  private isOpen = false;
  private count = 0;

  constructor(readonly engine: Engine) {
    const config = engineClientConfig(engine);
    this.api = new EngineApi(engine);
    this.s3 = new S3Client({ ...config, forcePathStyle: true });
    this.sqs = new SQSClient(config);
    this.lambda = new LambdaClient(config);
  }

  /**
   * A bucket with an object, for one trial.
   * @param isOpen whether the engine is known to do without the permission
   */
  async prepare(isOpen: boolean): Promise<void> {
    this.isOpen = isOpen;
    this.bucket = this.name('bucket');
    await this.s3.send(new CreateBucketCommand({ Bucket: this.bucket }));
    await this.put('object');
  }

  name(what: string): string {
    return `${what}-${(this.count += 1)}`;
  }

  readonly put: Fire = (marker) =>
    this.s3.send(new PutObjectCommand({ Bucket: this.bucket, Key: marker, Body: marker }));

  readonly putEvent: Fire = (marker) =>
    this.api.json('events', 'AWSEvents.PutEvents', {
      Entries: [{ Source: 'trial', DetailType: this.bucket, Detail: JSON.stringify({ marker }) }],
    });

  read(credentials: Credentials, key = 'object'): Promise<unknown> {
    const s3 = new S3Client({ ...engineClientConfig(this.engine), forcePathStyle: true, credentials });
    return s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
  }

  sqsAs(credentials: Credentials): SQSClient {
    return new SQSClient({ ...engineClientConfig(this.engine), credentials });
  }

  /** Reads an object as a role, without and with a permission. */
  async asRole(
    statements: (allowed: boolean) => readonly Statement[],
    limits: { boundary?: (allowed: boolean) => string; session?: (allowed: boolean) => string } = {},
  ): Promise<Tried> {
    const read = async (allowed: boolean): Promise<boolean> => {
      const boundary = limits.boundary && (await this.policy([allow(limits.boundary(allowed), '*')]));
      const role = await this.role(statements(allowed), { boundary });
      const session = limits.session && document([allow(limits.session(allowed), '*')]);
      const credentials = await this.assume(role, undefined, session);
      return succeeds(() => this.read(credentials));
    };
    return { without: await read(false), with: await read(true) };
  }

  async session(statements: readonly Statement[]): Promise<Credentials> {
    return this.assume(await this.role(statements));
  }

  /** A role; its ARN. */
  async role(
    statements: readonly Statement[],
    props: { boundary?: string | undefined; trust?: unknown } = {},
  ): Promise<string> {
    const RoleName = this.name('role');
    const AssumeRolePolicyDocument = document([
      trust(props.trust ?? { AWS: `arn:aws:iam::${ACCOUNT}:root` }),
    ]);
    const boundary = props.boundary === undefined ? undefined : { PermissionsBoundary: props.boundary };
    await this.api.query('iam', 'CreateRole', { RoleName, AssumeRolePolicyDocument, ...boundary });
    if (statements.length > 0) {
      const PolicyDocument = document(statements);
      await this.api.query('iam', 'PutRolePolicy', { RoleName, PolicyName: 'p', PolicyDocument });
    }
    return `arn:aws:iam::${ACCOUNT}:role/${RoleName}`;
  }

  /** A managed policy; its ARN. */
  async policy(statements: readonly Statement[]): Promise<string> {
    const PolicyName = this.name('policy');
    await this.api.query('iam', 'CreatePolicy', { PolicyName, PolicyDocument: document(statements) });
    return `arn:aws:iam::${ACCOUNT}:policy/${PolicyName}`;
  }

  async user(statements: readonly Statement[]): Promise<Credentials & { readonly arn: string }> {
    const UserName = this.name('user');
    await this.api.query('iam', 'CreateUser', { UserName });
    const PolicyDocument = document(statements);
    await this.api.query('iam', 'PutUserPolicy', { UserName, PolicyName: 'p', PolicyDocument });
    const xml = await this.api.query('iam', 'CreateAccessKey', { UserName });
    return { ...credentialsIn(xml), arn: `arn:aws:iam::${ACCOUNT}:user/${UserName}` };
  }

  async assume(RoleArn: string, as?: Credentials, Policy?: string): Promise<Credentials> {
    const api = as ? this.api.as(as) : this.api;
    const session = { RoleArn, RoleSessionName: 'trial', ...(Policy !== undefined && { Policy }) };
    return credentialsIn(await api.query('sts', 'AssumeRole', session));
  }

  /** Assumes a role by a token as GitHub issues it; the engine checks no signature. */
  async assumeByToken(subject: string, audience: string): Promise<Credentials> {
    const host = 'token.actions.githubusercontent.com';
    const provider = `arn:aws:iam::${ACCOUNT}:oidc-provider/${host}`;
    const created = { Url: `https://${host}`, 'ClientIDList.member.1': 'sts.amazonaws.com' };
    await this.api.query('iam', 'CreateOpenIDConnectProvider', created).catch(() => undefined); // it is there
    const RoleName = this.name('role');
    const statement = {
      Effect: 'Allow',
      Action: 'sts:AssumeRoleWithWebIdentity',
      Principal: { Federated: provider },
      Condition: {
        StringEquals: {
          [`${host}:aud`]: 'sts.amazonaws.com',
          [`${host}:sub`]: 'repo:us/ours:ref:refs/heads/main',
        },
      },
    };
    await this.api.query('iam', 'CreateRole', { RoleName, AssumeRolePolicyDocument: document([statement]) });
    const claims = {
      iss: `https://${host}`,
      sub: subject,
      aud: audience,
      exp: Math.floor(Date.now() / 1000) + 600,
    };
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    return credentialsIn(
      await this.api.as(undefined).query('sts', 'AssumeRoleWithWebIdentity', {
        RoleArn: `arn:aws:iam::${ACCOUNT}:role/${RoleName}`,
        RoleSessionName: 'trial',
        WebIdentityToken: `${part({ alg: 'RS256' })}.${part(claims)}.c2lnbmF0dXJl`,
      }),
    );
  }

  /** A queue with a policy of one statement; its URL. */
  async queue(statement?: Partial<Statement>, tags?: Record<string, string>): Promise<string> {
    const QueueName = this.name('queue');
    const { QueueUrl = '' } = await this.sqs.send(new CreateQueueCommand({ QueueName, tags }));
    if (statement) await this.setPolicy(QueueUrl, statement);
    return QueueUrl;
  }

  async setPolicy(QueueUrl: string, statement: Partial<Statement>): Promise<void> {
    const Policy = document([{ ...allow('sqs:SendMessage', queueArn(QueueUrl)), ...statement }]);
    await this.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  }

  async topic(): Promise<string> {
    const [arn = ''] = elements(
      await this.api.query('sns', 'CreateTopic', { Name: this.name('topic') }),
      'TopicArn',
    );
    return arn;
  }

  /** A rule for this trial's events that sends them to a target; its ARN. */
  async rule(target: string): Promise<string> {
    const Name = this.name('rule');
    const EventPattern = JSON.stringify({ source: ['trial'], 'detail-type': [this.bucket] });
    await this.api.json('events', 'AWSEvents.PutRule', { Name, EventPattern });
    await this.api.json('events', 'AWSEvents.PutTargets', {
      Rule: Name,
      Targets: [{ Id: '1', Arn: target }],
    });
    return `arn:aws:events:${REGION}:${ACCOUNT}:rule/${Name}`;
  }

  async permit(FunctionName: string, Principal: string, SourceArn: string): Promise<void> {
    const permission = { StatementId: this.name('permission'), Action: 'lambda:InvokeFunction' };
    await this.lambda.send(new AddPermissionCommand({ FunctionName, Principal, SourceArn, ...permission }));
  }

  async notify(NotificationConfiguration: object): Promise<void> {
    await this.s3.send(
      new PutBucketNotificationConfigurationCommand({ Bucket: this.bucket, NotificationConfiguration }),
    );
  }

  async notifyQueue(QueueArn: string): Promise<Fire> {
    await this.notify({ QueueConfigurations: [{ QueueArn, Events: ['s3:ObjectCreated:*'] }] });
    return this.put;
  }

  /** A function that logs its events; its name. */
  async createFunction(props: { role: string; as?: Credentials; code?: string }): Promise<string> {
    const {
      role,
      as,
      code = 'exports.handler = async (event) => { console.log(JSON.stringify(event)); };',
    } = props;
    const FunctionName = this.name('function');
    const lambda = as
      ? new LambdaClient({ ...engineClientConfig(this.engine), credentials: as })
      : this.lambda;
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Role: role,
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Code: { ZipFile: zipSync({ 'index.js': strToU8(code) }) },
      }),
    );
    return FunctionName;
  }

  /** Whether a function logs a marker; `allowed` where it has the permission that is tried. */
  hasRun(functionName: string, marker: string, allowed: boolean): Promise<boolean> {
    return this.happens(allowed, `${functionName} logs ${marker}`, () => this.logged(functionName, marker));
  }

  /** Whether a function has logged a marker by now. */
  async logged(functionName: string, marker: string): Promise<boolean> {
    const logs = new CloudWatchLogsClient(engineClientConfig(this.engine));
    const { events = [] } = await logs
      .send(new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${functionName}` }))
      .catch(() => ({ events: [] }));
    return events.some(({ message = '' }) => message.includes(marker));
  }

  /**
   * Whether something happens. What the table says does happen is waited for, however slow the machine is. For the rest a
   * short look has to do: it may miss something once, and fails nothing by that.
   */
  async happens(allowed: boolean, what: string, look: () => Promise<boolean>): Promise<boolean> {
    if (allowed || this.isOpen) return until(what, look);
    const deadline = Date.now() + SHORT_LOOK_MS;
    do if (await look()) return true;
    while (Date.now() < deadline);
    return false;
  }

  /** An event for a function, without the permission of the sender, and then with it. */
  async events(connect: (functionName: string, allowed: boolean) => Promise<Fire>): Promise<Tried> {
    const functionName = await this.createFunction({
      role: await this.role([allow('logs:*', '*')], { trust: { Service: 'lambda.amazonaws.com' } }),
    });
    const fire = await connect(functionName, false);
    await fire('without-it');
    const isOpen = this.isOpen && (await this.delivers(functionName, fire, 'without-it'));
    const allowed = await this.delivers(functionName, await connect(functionName, true), 'with-it');
    return { without: isOpen || (await this.hasRun(functionName, 'without-it', false)), with: allowed };
  }

  /** Fires until the function has run: the engine loses an event now and then, where AWS delivers it at least once. */
  private delivers(functionName: string, fire: Fire, marker: string): Promise<boolean> {
    return until(`${functionName} logs ${marker}`, async () => {
      await fire(marker);
      for (let look = 0; look < LOOKS_AN_EVENT; look += 1) {
        if (await this.logged(functionName, marker)) return true;
        await sleep(SHORT_LOOK_MS);
      }
      return false;
    });
  }

  /** An event for a queue, before its policy allows it, and then. */
  async toQueue(
    Service: string,
    connect: (arn: string) => Promise<Fire>,
    conditions: { without?: unknown; with?: unknown } = {},
  ): Promise<Tried> {
    const named = (condition: unknown): object =>
      condition === undefined
        ? {}
        : { Condition: JSON.parse(JSON.stringify(condition).replace('BUCKET', this.bucket)) as unknown };
    const allowed = { Principal: { Service }, ...named(conditions.with) };
    const url = await this.queue(allowed);
    const fire = await connect(queueArn(url));
    await this.setPolicy(
      url,
      conditions.without === undefined
        ? { Principal: { Service: 'nobody.amazonaws.com' } }
        : { Principal: { Service }, ...named(conditions.without) },
    );
    await fire('without-it');
    await this.setPolicy(url, allowed);
    await fire('with-it');
    return this.received(url);
  }

  /** An object's event by a topic to a queue, before the topic's policy allows it, and then. */
  async throughTopic(): Promise<Tried> {
    const topic = await this.topic();
    const url = await this.queue({ Principal: { Service: 'sns.amazonaws.com' } });
    await this.api.query('sns', 'Subscribe', { TopicArn: topic, Protocol: 'sqs', Endpoint: queueArn(url) });
    const setTopic = (Service: string): Promise<unknown> =>
      this.api.query('sns', 'SetTopicAttributes', {
        TopicArn: topic,
        AttributeName: 'Policy',
        AttributeValue: document([{ ...allow('sns:Publish', topic), Principal: { Service } }]),
      });
    await setTopic('s3.amazonaws.com');
    await this.notify({ TopicConfigurations: [{ TopicArn: topic, Events: ['s3:ObjectCreated:*'] }] });
    await setTopic('nobody.amazonaws.com');
    await this.put('without-it');
    await setTopic('s3.amazonaws.com');
    await this.put('with-it');
    return this.received(url);
  }

  private async received(QueueUrl: string): Promise<Tried> {
    const bodies: string[] = [];
    await until('the messages are there', async () => {
      const { Messages = [] } = await this.sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          WaitTimeSeconds: 1,
          MaxNumberOfMessages: 10,
          VisibilityTimeout: 600,
        }),
      );
      bodies.push(...Messages.map(({ Body = '' }) => Body));
      const has = (marker: string): boolean => bodies.some((body) => body.includes(marker));
      return has('with-it') && (!this.isOpen || has('without-it'));
    });
    return { without: bodies.some((body) => body.includes('without-it')), with: true };
  }
}
