import type { FilterRule, NotificationConfiguration } from '@aws-sdk/client-s3';
import { failure, ok, warning, type Check } from '../check';
import { overlap, quoted, shown, type Wanted } from './wanted';

/** Who is told of a bucket's objects by the bucket itself. */
interface Listener {
  readonly to: string;
  readonly prefix: string;
}

/** The same configuration, with EventBridge. */
export const withEventBridge = (configuration: NotificationConfiguration): NotificationConfiguration => ({
  ...configuration,
  EventBridgeConfiguration: {},
});

/** Checks that the bucket tells EventBridge, and says who else is told of the same objects. */
export function checkNotifications(wanted: Wanted, now: NotificationConfiguration): Check[] {
  return [checkEventBridge(wanted, now), checkOthers(wanted, now)];
}

function checkEventBridge({ name }: Wanted, now: NotificationConfiguration): Check {
  const what = 'EventBridge';
  if (now.EventBridgeConfiguration !== undefined) return ok(what, 'on');
  return failure(
    what,
    `off: no upload to ${name} would be heard of`,
    [
      'npm run doctor -- --apply-bucket turns it on and keeps the rest. By hand, after a look at what there is now, as S3',
      'replaces the whole and has no condition for this write (a change that someone makes in between is lost):',
      `aws s3api get-bucket-notification-configuration --bucket ${name}`,
      putNotifications(name, withEventBridge(now)),
    ].join('\n    '),
  );
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html */
const putNotifications = (bucket: string, configuration: NotificationConfiguration): string =>
  `aws s3api put-bucket-notification-configuration --bucket ${bucket} --skip-destination-validation --notification-configuration ${quoted(JSON.stringify(configuration))}`;

function checkOthers({ uploadPrefixes, processedPrefixes }: Wanted, now: NotificationConfiguration): Check {
  const what = 'Other listeners';
  const listeners = listenersOf(now);
  if (listeners.length === 0) return ok(what, 'none');
  const found = listeners.map(({ to, prefix }) => `${to} (${shown(prefix)})`).join(', ');
  const hears = (prefixes: readonly string[]) =>
    listeners.filter(({ prefix }) => prefixes.some((one) => overlap(one, prefix)));
  const rivals = hears(uploadPrefixes);
  const ofMoves = hears(processedPrefixes);
  const ways = [
    ...(rivals.length > 0
      ? [
          `${list(rivals)} gets the same uploads: where it moves or deletes them, the two race. Narrow its prefix, or take its notification away after the first deploy (docs/adopting.md).`,
        ]
      : []),
    ...(ofMoves.length > 0
      ? [`${list(ofMoves)} hears of what is moved to ${processedPrefixes.map(shown).join(', ')}, too.`]
      : []),
  ];
  return ways.length === 0 ? ok(what, found) : warning(what, found, ways.join(' '));
}

const list = (listeners: readonly Listener[]): string => listeners.map(({ to }) => to).join(', ');

function listenersOf(now: NotificationConfiguration): Listener[] {
  const all = [
    ...(now.LambdaFunctionConfigurations ?? []).map((one) => ({ ...one, arn: one.LambdaFunctionArn })),
    ...(now.QueueConfigurations ?? []).map((one) => ({ ...one, arn: one.QueueArn })),
    ...(now.TopicConfigurations ?? []).map((one) => ({ ...one, arn: one.TopicArn })),
  ];
  return all
    .filter(({ Events = [] }) => Events.some((event) => event.startsWith('s3:ObjectCreated:')))
    .map(({ arn = '', Filter }) => ({
      to: nameOf(arn),
      prefix: prefixOf(Filter?.Key?.FilterRules ?? []),
    }));
}

/** `arn:aws:lambda:…:function:resize` -> `lambda resize`. */
function nameOf(arn: string): string {
  const [, , service = '', , , ...rest] = arn.split(':');
  return `${service} ${rest.at(-1) ?? ''}`;
}

const prefixOf = (rules: readonly FilterRule[]): string =>
  rules.find(({ Name }) => Name?.toLowerCase() === 'prefix')?.Value ?? '';
