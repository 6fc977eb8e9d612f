import type { Settings } from '../../../config/settings';
import { partitionOf, unanswered, valueOf, type Ask } from './aws-cli';
import { failure, ok, warning, type Check } from './check';
import { checkVpc } from './vpc';

/**
 * Looks for what a deployment needs and does not make: by the settings that are on, and reading only.
 * @param accountId undefined without credentials
 */
export async function checkPrerequisites(
  settings: Settings,
  accountId: string | undefined,
  ask: Ask,
): Promise<Check[]> {
  const { endpoint, github, vpc, health, awsProvider } = settings;
  if (accountId === undefined || awsProvider.localEndpoint !== undefined) return [];
  const checks = await Promise.all([
    endpoint.enabled ? checkGateway(ask) : [],
    github ? checkOidcProvider(github, accountId, settings.region, ask) : [],
    vpc ? checkVpc(vpc, settings, ask) : [],
    health.enabled && health.emails.length > 0 ? checkEmails(settings, accountId, ask) : [],
  ]);
  return checks.flat();
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html */
async function checkGateway(ask: Ask): Promise<Check[]> {
  const what = 'API Gateway';
  const answer = await ask(['apigateway', 'get-account']);
  const unknown = unanswered(what, answer, 'apigateway:GET on /account');
  if (unknown) return [unknown];
  const { cloudwatchRoleArn = '' } = valueOf(answer) as { cloudwatchRoleArn?: string };
  if (cloudwatchRoleArn !== '') return [ok(what, `writes its logs under ${cloudwatchRoleArn}`)];
  return [
    failure(
      what,
      'has no role to write logs with in this region',
      'The deployment of `endpoint` would stop. Set the role once an account and region: docs/http.md.',
    ),
  ];
}

async function checkOidcProvider(
  { oidcProviderArn }: NonNullable<Settings['github']>,
  accountId: string,
  region: string,
  ask: Ask,
): Promise<Check[]> {
  const what = 'GitHub login';
  const arn =
    oidcProviderArn ??
    `arn:${partitionOf(region)}:iam::${accountId}:oidc-provider/token.actions.githubusercontent.com`;
  const answer = await ask(['iam', 'get-open-id-connect-provider', '--open-id-connect-provider-arn', arn]);
  const unknown = unanswered(what, answer, 'iam:GetOpenIDConnectProvider');
  if (unknown) return [unknown];
  const { ClientIDList: audiences = [] } = valueOf(answer) as { ClientIDList?: string[] };
  if (audiences.includes('sts.amazonaws.com')) return [ok(what, arn)];
  return answer.kind === 'missing'
    ? [
        failure(
          what,
          `${arn} does not exist`,
          'No workflow could log in. Make it once an account: aws iam create-open-id-connect-provider --url https://token.actions.githubusercontent.com --client-id-list sts.amazonaws.com',
        ),
      ]
    : [
        failure(
          what,
          `${arn} takes no tokens for sts.amazonaws.com`,
          `aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn ${arn} --client-id sts.amazonaws.com`,
        ),
      ];
}

/** Nobody hears of an alarm before the link in the first e-mail was followed. https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html */
async function checkEmails(
  { namePrefix, region, health }: Settings,
  accountId: string,
  ask: Ask,
): Promise<Check[]> {
  const what = 'Alarm e-mails';
  const topic = `arn:${partitionOf(region)}:sns:${region}:${accountId}:${namePrefix}-alarms`;
  const answer = await ask(['sns', 'list-subscriptions-by-topic', '--topic-arn', topic]);
  if (answer.kind === 'missing') return [ok(what, 'not deployed yet; each address confirms once')];
  const unknown = unanswered(what, answer, 'sns:ListSubscriptionsByTopic');
  if (unknown) return [unknown];
  const { Subscriptions: all = [] } = (answer.kind === 'answer' ? answer.value : {}) as {
    Subscriptions?: { Endpoint: string; SubscriptionArn: string }[];
  };
  const confirmed = all
    .filter(({ SubscriptionArn }) => SubscriptionArn.startsWith('arn:'))
    .map(({ Endpoint }) => Endpoint);
  const waiting = health.emails.filter((email) => !confirmed.includes(email));
  if (waiting.length === 0) return [ok(what, `${confirmed.length} confirmed`)];
  return [
    warning(
      what,
      `not confirmed: ${waiting.join(', ')}`,
      'They hear of no alarm until they follow the link in the e-mail from AWS Notifications; it is valid for three days, and a new deployment of the address sends another.',
    ),
  ];
}
