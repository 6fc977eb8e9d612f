import { isSecret } from '../../../tools/change/review/mask';
import type { Block, Synthesized } from '../synth';
import { each, resourcesOf, text, type Check } from './blocks';

const isAsynchronous = (principal: unknown): boolean =>
  /^(s3|sns|events)\.amazonaws\.com$/u.test(text(principal));

const target = ({ function_name: name, qualifier }: Block): string =>
  `${text(name)}:${text(qualifier ?? '')}`;

/** An event that fails for good must be somewhere. */
const failuresKept: Check = (synthesized) => {
  const kept = resourcesOf(synthesized, 'aws_lambda_function_event_invoke_config')
    .filter(([, { destination_config: destination }]) => text(destination).includes('on_failure'))
    .map(([, block]) => target(block));
  return resourcesOf(synthesized, 'aws_lambda_permission')
    .filter(([, block]) => isAsynchronous(block.principal) && !kept.includes(target(block)))
    .map(([address]) => `${address}: starts a function whose failures go nowhere`);
};

const invokedFromHere = each('aws_lambda_permission', (block) => {
  const { principal, source_arn: arn, source_account: account } = block;
  if (principal === '*') return 'lets anyone invoke the function';
  if (!arn) return 'lets anything of that service invoke the function';
  return (
    principal === 's3.amazonaws.com' &&
    !account &&
    'lets a bucket of that name in any account invoke the function'
  );
});

const logsKept = each(
  'aws_cloudwatch_log_group',
  ({ retention_in_days: days }) => !days && 'keeps its lines for ever',
);

const ownLogGroup = each(
  'aws_lambda_function',
  ({ logging_config: logging, function_name: name }, synthesized) => {
    const groups = resourcesOf(synthesized, 'aws_cloudwatch_log_group').map(([, group]) => text(group.name));
    const { log_group: group } = (logging ?? {}) as Block;
    return !groups.includes(text(group)) && `${text(name)} writes to a log group that is not managed here`;
  },
);

const noSecrets = each('aws_lambda_function', ({ environment }) => {
  const { variables } = (environment ?? {}) as { variables?: Readonly<Record<string, string>> };
  // By name and value. A review shows no variable that it does not know, but a new one is no weakness.
  const secret = Object.entries(variables ?? {}).find(([name, value]) => isSecret(value, [name], undefined));
  return secret !== undefined && `has a secret in its environment: ${secret[0]}`;
});

const pairs = each('aws_lambda_function', ({ role }, synthesized) => {
  const shared = resourcesOf(synthesized, 'aws_lambda_function').filter(([, other]) => other.role === role);
  return shared.length > 1 && 'shares its role with another function';
});

/** Credentials, and versions that any change may replace. */
const provider: Check = (synthesized: Synthesized) => [
  ...(synthesized.provider.aws ?? [])
    .filter(
      (block) =>
        block.access_key !== undefined || block.secret_key !== undefined || block.token !== undefined,
    )
    .map(() => 'provider aws: has credentials in the JSON'),
  ...Object.entries(synthesized.terraform.required_providers)
    .filter(([, { version }]) => !/\d/u.test(text(version ?? '')) || /^>=?/u.test(text(version)))
    .map(([name]) => `provider ${name}: is not held to a version`),
  ...Object.entries(synthesized.terraform.backend)
    .filter(([type, block]) => type === 's3' && (block as Block).encrypt !== true)
    .map(() => 'backend s3: keeps the state unencrypted'),
];

/** Functions, their logs and what starts them. */
export const functions: readonly Check[] = [
  failuresKept,
  invokedFromHere,
  logsKept,
  ownLogGroup,
  noSecrets,
  pairs,
  each(
    'aws_lambda_function_url',
    ({ authorization_type: type }) => type !== 'AWS_IAM' && 'is open to anyone',
  ),
  each(
    'aws_lambda_alias',
    ({ function_version: version }) => version === '$LATEST' && 'points at code that changes',
  ),
  provider,
];
