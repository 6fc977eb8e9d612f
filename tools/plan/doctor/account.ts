import type { Settings } from '../../../config/settings';
import { messageOf } from '../../lib/errors';
import { failure, ok, warning, type Check } from './check';

/** Executions that AWS requires to stay unreserved. https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html */
const MINIMUM_UNRESERVED = 100;

const RAISE =
  'ask for more in Service Quotas (Lambda, Concurrent executions: https://console.aws.amazon.com/servicequotas/home/services/lambda/quotas/L-B99A9384)';

/** An account's concurrency limits. */
export interface Concurrency {
  readonly limit: number;
  readonly unreserved: number;
}

/** The calls to AWS. */
export interface Account {
  /** Fails if credentials or region do not work. */
  readonly concurrency: () => Promise<Concurrency>;
  /** A function's current reserved concurrency; 0 if it has none or does not exist yet. */
  readonly reservedBy: (functionName: string) => Promise<number>;
}

/** The reserved concurrency of each function in the stack, by its full name; undefined: none. */
export type Reservations = Readonly<Record<string, number | undefined>>;

/**
 * Where a function reserves nothing, what it keeps ready comes out of the account's pool, which must keep 100 too.
 * https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
 */
export function withProvisioned(settings: Settings, reserved: Reservations): Reservations {
  const { namePrefix, processUpload, caller, invoked } = settings;
  const kept = { 'process-upload': processUpload, caller, invoked };
  const provisioned = Object.entries(kept).map(([name, { release }]) => {
    const functionName = `${namePrefix}-${name}`;
    return [functionName, reserved[functionName] ?? release.provisionedConcurrentExecutions] as const;
  });
  return { ...reserved, ...Object.fromEntries(provisioned) };
}

/** Checks the credentials, and whether the reservations fit into the account. */
export async function checkAccount(
  settings: Settings,
  wanted: Reservations,
  account: Account,
): Promise<Check[]> {
  try {
    const concurrency = await account.concurrency();
    const names = Object.keys(wanted);
    const now = await Promise.all(names.map((name) => account.reservedBy(name)));
    const alreadyOurs = now.reduce((sum, reserved) => sum + reserved, 0);
    return [
      ok('Credentials', `accepted in ${settings.region}`),
      checkConcurrency(wanted, concurrency, alreadyOurs),
    ];
  } catch (error) {
    return refused(error, settings);
  }
}

/** Checks that the reservations leave enough unreserved. The current ones of these functions become free. */
export function checkConcurrency(
  wanted: Reservations,
  { limit, unreserved }: Concurrency,
  alreadyOurs: number,
): Check {
  const what = 'Concurrency';
  const total = Object.values(wanted).reduce<number>((sum, reserved) => sum + (reserved ?? 0), 0);
  const left = unreserved + alreadyOurs - total;
  const found = `${total} to reserve, ${left} of ${limit} left unreserved`;
  const [stopped] = Object.entries(wanted).find(([, reserved]) => reserved === 0) ?? [];
  if (total > 0 && left < MINIMUM_UNRESERVED) {
    return failure(
      what,
      found,
      `AWS requires ${MINIMUM_UNRESERVED} to stay unreserved: leave reservedConcurrentExecutions out, or ${RAISE}.`,
    );
  }
  if (stopped !== undefined) {
    return warning(
      what,
      found,
      `${stopped} has a reservation of 0 and will never run: leave reservedConcurrentExecutions out, or give 1 or more.`,
    );
  }
  if (limit < MINIMUM_UNRESERVED) {
    return warning(what, found, `All functions of this account share ${limit} executions: ${RAISE}.`);
  }
  return ok(what, found);
}

function refused(error: unknown, { region, awsProvider: { localEndpoint } }: Settings): Check[] {
  const name = error instanceof Error ? error.name : '';
  const what = 'Credentials';
  if (name === 'AccessDeniedException') {
    const wayOut =
      'Allow yourself lambda:GetAccountSettings and lambda:GetFunctionConcurrency, or look in the console.';
    return [ok(what, `accepted in ${region}`), warning('Concurrency', 'you may not read the limits', wayOut)];
  }
  if (name === 'CredentialsProviderError') {
    return [failure(what, 'none', 'Sign in first, e.g. with `aws sso login`, or set AWS_PROFILE.')];
  }
  if (
    /UnrecognizedClient|InvalidSignature|ExpiredToken|InvalidClientTokenId|SignatureDoesNotMatch/u.test(name)
  ) {
    const wayOut = `Sign in again; if that does not help, ${region} may not be enabled for the account.`;
    return [failure(what, `refused in ${region} (${name})`, wayOut)];
  }
  return [
    failure(
      what,
      `no answer from ${localEndpoint ?? `AWS in ${region}`} (${name}: ${messageOf(error)})`,
      localEndpoint === undefined
        ? 'Check the region setting and the network.'
        : 'Start the engine: `npm start`.',
    ),
  ];
}

/** Warns if the shell names another region than the settings, because the AWS CLI uses it. */
export function checkRegion(
  { region }: Pick<Settings, 'region'>,
  env: Readonly<Record<string, string | undefined>>,
): Check {
  const shell = env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  if (shell === undefined || shell === region) return ok('Region', region);
  return warning(
    'Region',
    `${region} in the settings, ${shell} in the shell`,
    `The deploy goes to ${region}; \`export AWS_REGION=${region}\` sends the AWS CLI there too.`,
  );
}
