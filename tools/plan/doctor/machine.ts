import type { Settings } from '../../../config/settings';
import { compareVersions } from '../../machine/versions';
import { messageOf } from '../../lib/errors';
import type { ProviderSource } from '../../machine/providers';
import { failure, ok, warning, type Check } from './check';

/** The oldest Node.js that the project runs on: `engines` in package.json. */
const MINIMUM_NODE = '20.19';
const MINIMUM_TERRAFORM = '1.5';
/** The S3 backend's lock file. https://developer.hashicorp.com/terraform/language/backend/s3#state-locking */
const MINIMUM_TERRAFORM_S3_LOCK = '1.10';
/** `removed` blocks. https://developer.hashicorp.com/terraform/language/block/removed */
const MINIMUM_TERRAFORM_REMOVED = '1.7';
/** The first AWS provider that supports nodejs24.x. */
const MINIMUM_PROVIDER_NODE_24 = '6.19';

/** Compares this machine's Node.js, which runs the tests, with the runtime of the handlers on AWS. */
export function checkNode(version: string, runtime: Settings['functions']['runtime']): Check {
  const what = 'Node.js';
  const found = `${version}, and ${runtime} on AWS`;
  if (compareVersions(version, MINIMUM_NODE) < 0) {
    return failure(
      what,
      version,
      `Install Node.js ${MINIMUM_NODE} or later: https://nodejs.org/en/download.`,
    );
  }
  if (runtime === 'nodejs20.x') {
    return warning(what, found, 'AWS has deprecated nodejs20.x: set functions.runtime to nodejs24.x.');
  }
  if (runtime.startsWith('nodejs') && version.split('.')[0] !== /\d+/u.exec(runtime)?.[0]) {
    return warning(
      what,
      found,
      'Tests and AWS use different versions of Node.js: `nvm install` in this folder selects the right one.',
    );
  }
  return ok(what, found);
}

/** @param version undefined if Terraform was not found */
export function checkTerraform(
  version: string | undefined,
  { state, github }: Pick<Settings, 'state' | 'github'>,
): Check {
  const what = 'Terraform';
  const [minimum, reason] =
    state.type === 's3'
      ? [MINIMUM_TERRAFORM_S3_LOCK, ' (state.type s3 locks with a file)']
      : github
        ? [MINIMUM_TERRAFORM_REMOVED, ' (github has a removed block)']
        : [MINIMUM_TERRAFORM, ''];
  if (version !== undefined && compareVersions(version, minimum) >= 0) return ok(what, version);
  return failure(
    what,
    version ?? 'not found',
    `Install Terraform ${minimum} or later${reason}: https://developer.hashicorp.com/terraform/install.`,
  );
}

/** Checks the provider's version constraint against the runtime. */
export function checkProvider(constraint: string, runtime: Settings['functions']['runtime']): Check {
  const what = 'AWS provider';
  if (runtime !== 'nodejs24.x' || admits(constraint, MINIMUM_PROVIDER_NODE_24)) return ok(what, constraint);
  return failure(
    what,
    constraint,
    `nodejs24.x needs ${MINIMUM_PROVIDER_NODE_24} or later: raise awsProvider.version, or set functions.runtime to nodejs22.x.`,
  );
}

/** Checks that Terraform can get its AWS provider, from the registry or a mirror. */
export async function checkProviderSource(find: () => Promise<ProviderSource>): Promise<Check> {
  const what = 'Provider source';
  try {
    return ok(what, (await find()).notice ?? 'the registry answers, or a mirror is named');
  } catch (error) {
    return failure(what, 'none', messageOf(error));
  }
}

/**
 * Whether a constraint allows a version of `minimum` or later.
 * https://developer.hashicorp.com/terraform/language/expressions/version-constraints
 */
export function admits(constraint: string, minimum: string): boolean {
  return constraint.split(',').every((part) => {
    const [, operator = '=', version = '0'] = /^\s*(~>|[<>=!]{1,2})?\s*v?([\d.]+)/u.exec(part) ?? [];
    switch (operator) {
      case '=':
      case '<=':
        return compareVersions(version, minimum) >= 0;
      case '<':
        return compareVersions(version, minimum) > 0;
      case '~>':
        return compareVersions(upperBound(version), minimum) > 0;
      default:
        return true;
    }
  });
}

/** The first version that `~>` excludes: only the last given number may rise. */
function upperBound(version: string): string {
  const numbers = version.split('.').map(Number);
  const rising = Math.max(0, numbers.length - 2);
  return numbers
    .slice(0, rising + 1)
    .map((number, index) => (index === rising ? number + 1 : number))
    .join('.');
}
