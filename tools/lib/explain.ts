import { codeOf, messageOf } from './errors';

/** What the SDK adds to an error of a service. */
interface ServiceError {
  readonly name?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $fault?: unknown;
  readonly syscall?: unknown;
  readonly path?: unknown;
  readonly hostname?: unknown;
  readonly address?: unknown;
}

interface Case {
  /** Whether an error is of this kind. */
  readonly is: (name: string, status: number | undefined, error: ServiceError) => boolean;
  readonly say: (error: unknown) => string;
}

const named =
  (pattern: RegExp): Case['is'] =>
  (name) =>
    pattern.test(name);

const SIGN_IN = 'Sign in, for example with `aws sso login`, or set AWS_PROFILE';

/**
 * What goes wrong between a person and AWS, with the way out. The names are those of the services:
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html,
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
const CASES: readonly Case[] = [
  {
    is: named(/^(CredentialsProviderError|TokenProviderError)$/u),
    say: (error) =>
      `No AWS credentials that can be used (${firstLine(error)}). ${SIGN_IN}; for the engine on this machine: npm run local -- npm run …`,
  },
  {
    is: named(/^(ExpiredToken(Exception)?|RequestExpired|TokenRefreshRequired)$/u),
    say: () => 'The AWS credentials have expired. Sign in again, for example with `aws sso login`.',
  },
  {
    is: named(/^RequestTimeTooSkewed$/u),
    say: () => "AWS refuses the request because of its time. Set this machine's clock.",
  },
  {
    is: named(
      /^(UnrecognizedClient(Exception)?|InvalidClientTokenId|InvalidAccessKeyId|InvalidToken|SignatureDoesNotMatch|InvalidSignature(Exception)?|IncompleteSignature(Exception)?|MissingAuthenticationToken(Exception)?|AuthFailure|NotSignedUp)$/u,
    ),
    say: (error) =>
      `AWS does not know the credentials (${nameOf(error)}). ${SIGN_IN}; where they are right, the region may not be enabled for the account.`,
  },
  {
    is: (name, status) =>
      /^(PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException|BucketRegionError)$/u.test(
        name,
      ) || status === 301,
    say: (error) =>
      `The bucket is in another region than the one that was asked (${firstLine(error)}). Set \`region\` of the environment to the bucket's own.`,
  },
  {
    is: (name, status) =>
      /^(AccessDenied(Exception)?|UnauthorizedOperation|AuthorizationError(Exception)?|NotAuthorized|Forbidden|KMSAccessDenied(Exception)?)$/u.test(
        name,
      ) || status === 403,
    say: (error) =>
      `AWS refuses permission: ${firstLine(error)} Use credentials that have it, or ask who administers the account.`,
  },
  {
    is: (name, status) =>
      /^(Throttl(ed|ing)(Exception)?|ThrottledException|TooManyRequests(Exception)?|RequestLimitExceeded|RequestThrottled(Exception)?|SlowDown|ProvisionedThroughputExceededException|EC2ThrottledException)$/u.test(
        name,
      ) || status === 429,
    say: (error) =>
      `AWS throttles this account (${nameOf(error)}): it gets more requests than it allows. Wait a minute, then run it again.`,
  },
  {
    is: named(
      /^(NoSuchBucket|QueueDoesNotExist|AWS\.SimpleQueueService\.NonExistentQueue|ResourceNotFound(Exception)?)$/u,
    ),
    say: (error) =>
      `AWS does not find it: ${firstLine(error)} It was deleted, or lies in another account or region: the first line says which were asked.`,
  },
  {
    is: (_, __, { $metadata, $fault }) => $fault !== undefined && ($metadata?.httpStatusCode ?? 0) >= 500,
    say: (error) => `AWS failed (${nameOf(error)}: ${firstLine(error)}). Run it again in a minute.`,
  },
  {
    is: (_, __, { $fault, $metadata }) => $fault !== undefined || $metadata?.httpStatusCode !== undefined,
    say: (error) => `AWS refuses the request (${nameOf(error)}): ${firstLine(error)}`,
  },
  {
    is: (name, _, error) =>
      /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE)$/u.test(
        codeOf(error) ?? '',
      ) && error.path === undefined
        ? true
        : /^(TimeoutError|NetworkingError)$/u.test(name),
    say: (error) =>
      `${hostOf(error)} does not answer (${codeOf(error) ?? nameOf(error)}). Check the network and the region; where it is the engine on this machine: npm start`,
  },
  {
    is: (_, __, error) => messageOf(error).includes('Region is missing'),
    say: () => 'No AWS region is set. Set `region` of the environment, or AWS_REGION.',
  },
  {
    // A file that cannot be read or written: `EACCES: permission denied, open '/x'`.
    is: (_, __, { syscall, path }) => typeof syscall === 'string' && typeof path === 'string',
    say: (error) => {
      const [, reason = firstLine(error)] = /^\w+: ([^,]+)/u.exec(messageOf(error)) ?? [];
      return `${String((error as ServiceError).path)}: ${reason} (${codeOf(error) ?? 'error'}). Name another file, or make its folder first.`;
    },
  },
];

/**
 * One sentence, with the way out, about an error that a person can fix: credentials, permissions, regions, limits, the
 * network, files.
 * @returns undefined for a defect of the tool itself
 */
export function explain(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const details = error as ServiceError;
  const status = details.$metadata?.httpStatusCode;
  return CASES.find(({ is }) => is(nameOf(error), status, details))?.say(error);
}

const nameOf = (error: unknown): string => {
  const { name } = error as ServiceError;
  return typeof name === 'string' ? name : 'Error';
};

/** AWS's own words, as one sentence. */
function firstLine(error: unknown): string {
  const line = messageOf(error).trim().split('\n', 1)[0] ?? '';
  if (line === '') return `${nameOf(error)}.`;
  return /[.!?]$/u.test(line) ? line : `${line}.`;
}

const hostOf = (error: unknown): string => {
  const { hostname, address } = error as ServiceError;
  if (typeof hostname === 'string') return hostname;
  return typeof address === 'string' ? address : 'AWS';
};
