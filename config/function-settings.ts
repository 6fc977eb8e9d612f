import { z } from 'zod';
import { about, integer, LOG_LEVELS, number, range } from './about';
import { codeSigning, layers, layersOf, releaseOf } from './release-settings';

/** The retention periods CloudWatch Logs accepts. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const ARCHITECTURE = z.enum(['arm64', 'x86_64']);

/** What every function has. */
export const functions = z.strictObject({
  runtime: about(
    z.enum(['nodejs20.x', 'nodejs22.x', 'nodejs24.x', 'provided.al2023']).default('nodejs24.x'),
    {
      description: 'Lambda runtime of every function; nodejs24.x needs AWS provider 6.19 or later.',
      allowed:
        'nodejs20.x (deprecated by AWS), nodejs22.x, nodejs24.x, or provided.al2023 with a file bootstrap in the project’s folder (docs/releases.md)',
    },
  ),
  architecture: about(ARCHITECTURE.default('arm64'), {
    description: 'Instruction set of every function; the bundles hold no native code, so either works.',
    allowed: 'arm64 or x86_64',
  }),
  logRetentionDays: about(
    z
      .number()
      .refine((value) => LOG_RETENTION_DAYS.includes(value))
      .default(30),
    {
      description: 'How long CloudWatch keeps the log lines of every function.',
      unit: 'days',
      allowed: `one of ${LOG_RETENTION_DAYS.join(', ')}`,
    },
  ),
  layers,
  codeSigning: codeSigning.optional(),
  tracing: about(z.boolean().default(false), {
    description: 'Traces every function with X-Ray, which is billed by trace.',
    allowed: 'true or false',
  }),
});

/** What differs from function to function. */
interface FunctionShape {
  /** The default, in MB. */
  readonly memorySizeMb: number;
  /** What to know about its memory, in a clause. */
  readonly memoryNote?: string;
  /** The default, in seconds. */
  readonly timeoutSeconds: number;
  /** The shortest timeout that it can work with, in seconds. @default 1 */
  readonly shortestSeconds?: number;
  /** What happens when its time runs out, in a clause. */
  readonly timeoutNote?: string;
  /** What a reserved concurrency of 0 does to it, in a clause. */
  readonly stoppedNote?: string;
}

const clause = (note: string | undefined): string => (note === undefined ? '' : `; ${note}`);

/** The settings of one function. */
const functionOf = (name: string, shape: FunctionShape) => ({
  memorySizeMb: number(128, 10_240, shape.memorySizeMb, {
    description: `Memory of ${name}, which also sets its share of CPU${clause(shape.memoryNote)}.`,
    unit: 'MB',
  }),
  timeoutSeconds: number(shape.shortestSeconds ?? 1, 900, shape.timeoutSeconds, {
    description: `How long one invocation of ${name} may take${clause(shape.timeoutNote)}.`,
    unit: 'seconds',
  }),
  ephemeralStorageMb: number(512, 10_240, 512, {
    description: `What ${name} may keep in /tmp, billed above 512.`,
    unit: 'MB',
  }),
  architecture: about(ARCHITECTURE.optional(), {
    description: `Instruction set of ${name}, such as that of a native module or of a layer.`,
    allowed: 'arm64 or x86_64, or left out for `functions.architecture`',
  }),
  layers: layersOf(name),
  tracing: about(z.boolean().optional(), {
    description: `Traces ${name} with X-Ray.`,
    allowed: 'true or false, or left out for `functions.tracing`',
  }),
  logFormat: about(z.enum(['JSON', 'Text']).default('JSON'), {
    description: `How Lambda writes its own lines about ${name}: as text they have no levels, and the saved queries do not find them. Lines of the logger are JSON either way.`,
    allowed: 'JSON or Text',
  }),
  logLevel: about(z.enum(LOG_LEVELS).default('INFO'), {
    description: `The least severe line that ${name} writes to its log.`,
    allowed: LOG_LEVELS.join(', '),
  }),
  reservedConcurrentExecutions: about(z.int().min(0).optional(), {
    description: `Executions of ${name} at a time, taken out of the account’s pool; \`npm run doctor\` tells whether they fit. Left out: the shared pool. 0: it never runs${clause(shape.stoppedNote)}.`,
    unit: 'executions',
    allowed: 'an integer of 0 or more, or left out for the account’s shared pool',
  }),
});

/** How Lambda treats the asynchronous events of one function, and how its versions are released. */
const eventsOf = (name: string) => ({
  maximumRetryAttempts: about(integer(0, 2).default(2), {
    description: `How often Lambda retries a failed event of ${name} before it goes to the failure queue.`,
    unit: 'attempts',
    allowed: range(0, 2),
  }),
  maximumEventAgeSeconds: number(60, 21_600, 21_600, {
    description: `How long Lambda keeps an event of ${name} that waits for a free execution or a retry.`,
    unit: 'seconds',
  }),
  release: releaseOf(name).prefault({}),
});

/** The ARN of an SSM parameter or of a Secrets Manager secret. */
const SECRET_ARN =
  /^arn:aws[a-z-]*:(?:ssm:[a-z0-9-]+:\d{12}:parameter\/|secretsmanager:[a-z0-9-]+:\d{12}:secret:)[\w+=,.@/-]+$/u;

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html reserves the names that begin so. */
const VARIABLE_NAME = /^(?!AWS_|LAMBDA_)[A-Z][A-Z0-9_]{0,63}$/u;

/** With the digest: Lambda does not follow a tag, so that no plan would show another image. */
const IMAGE_URI =
  /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\/[a-z0-9]+(?:[._/-][a-z0-9]+)*@sha256:[0-9a-f]{64}$/u;

const imageArguments = (what: string) =>
  about(z.array(z.string()).min(1).max(1500).optional(), {
    description: `${what} of that image, instead of its own.`,
    allowed: 'a list of 1 to 1,500 texts, or left out',
  });

/** The function that moves uploads. */
export const processUpload = z.strictObject({
  ...functionOf('process-upload', {
    memorySizeMb: 512,
    memoryNote: 'below 256 it is too tight',
    timeoutSeconds: 300,
    shortestSeconds: 10,
    timeoutNote: 'it stops shortly before, so that the error is its own',
    stoppedNote: 'every upload then goes to the failure queue',
  }),
  ...eventsOf('process-upload'),
  image: z
    .strictObject({
      uri: about(z.string().regex(IMAGE_URI), {
        description:
          'Container image of process-upload instead of the package that the build makes, for a step that needs more than a zip holds: docs/releases.md.',
        allowed:
          'ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY@sha256:DIGEST, in the region of the pipeline; with neither layers nor functions.codeSigning',
      }),
      entryPoint: imageArguments('Entry point'),
      command: imageArguments('Command'),
    })
    .optional(),
  environment: about(z.record(z.string().regex(VARIABLE_NAME), z.string()).default({}), {
    description:
      'Environment variables of the step, which anyone may read who sees the function: a secret goes into `processUpload.secrets`.',
    allowed:
      'names of capital letters, digits and underscores, without AWS_ and LAMBDA_ in front and none that the pipeline sets itself; 4 KB in all',
  }),
  secrets: about(z.record(z.string().regex(VARIABLE_NAME), z.string().regex(SECRET_ARN)).default({}), {
    description:
      'Secrets of the step: each name becomes an environment variable with the ARN, and process-upload may read that secret. A secret under a key of your own needs kms:Decrypt too, and in a VPC its service an endpoint.',
    allowed:
      'names of capital letters, digits and underscores, without AWS_ and LAMBDA_ in front, each with the ARN of an SSM parameter or a Secrets Manager secret',
  }),
});

/** The function that calls the other. Its time should exceed the callee's, or it never learns how a slow call ended. */
export const caller = z.strictObject({
  ...functionOf('caller', { memorySizeMb: 256, timeoutSeconds: 60 }),
  ...eventsOf('caller'),
});

/** The function that is called, by the other and by the HTTP endpoint. */
export const invoked = z.strictObject({
  ...functionOf('invoked', { memorySizeMb: 256, timeoutSeconds: 30 }),
  ...eventsOf('invoked'),
  onSuccess: about(z.boolean().default(false), {
    description:
      'Sends what invoked answered to each asynchronous event to an SQS queue (output `answer_queue_url`), with the event and so its correlation ID: docs/invoking.md.',
    allowed: 'true or false',
  }),
});

/** The function that looks for uploads which no event announced. How long its events live follows from its schedule. */
export const sweep = z.strictObject({
  enabled: about(z.boolean().default(true), {
    description: 'Looks for uploads that were left behind, and resubmits them to process-upload.',
    allowed: 'true or false',
  }),
  everyMinutes: number(1, 1440, 60, { description: 'How often it looks.', unit: 'minutes' }),
  olderThanMinutes: number(1, 10_080, 15, {
    description: 'The sweep leaves younger uploads alone: their event is probably on its way.',
    unit: 'minutes',
  }),
  maximumPerSecond: number(1, 500, 50, {
    description: 'How many uploads it resubmits at most.',
    unit: 'uploads a second',
  }),
  ...functionOf('sweep', {
    memorySizeMb: 256,
    timeoutSeconds: 300,
    shortestSeconds: 30,
    timeoutNote: 'the next run goes on where it stopped',
    stoppedNote: 'uploads that no event announced then stay where they are',
  }),
});
