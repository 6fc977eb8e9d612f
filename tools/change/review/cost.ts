import { md, words, type Markdown } from './markdown';
import { labelled } from './names';
import { changedResources, fateOf, type Plan } from './plan';
import { settingLabel, UNSET, type SettingChange } from './settings';

/** Settings that drive the bill, by Terraform's names, each with the cost that a larger value raises. */
const DRIVERS: Readonly<Record<string, string>> = {
  concurrent_executions: 'concurrency',
  maximum_retry_attempts: 'retries',
  memory_size: 'memory, for every millisecond that runs',
  message_retention_seconds: 'retention',
  noncurrent_days: 'retention of older versions',
  provisioned_concurrent_executions: 'provisioned concurrency, by the hour',
  reserved_concurrent_executions: 'the most that can run at a time',
  retention_in_days: 'log storage',
  storage_size: 'ephemeral storage',
  timeout: 'the longest one event can run',
};

/** Resources that are billed without use. */
const BY_THE_HOUR: Readonly<Record<string, string>> = {
  aws_cloudwatch_dashboard: 'billed by the month beyond the free ones',
  aws_cloudwatch_metric_alarm: 'billed by the month',
  aws_eip: 'billed by the hour',
  aws_kms_key: 'billed by the month',
  aws_lambda_provisioned_concurrency_config: 'billed by the hour',
  aws_nat_gateway: 'billed by the hour',
  aws_wafv2_web_acl: 'billed by the month',
};

/** The changed cost drivers, without amounts: those depend on use. */
export function costDrivers(plan: Plan, settings: readonly SettingChange[]): Markdown[] {
  const changed = settings.flatMap(({ resource, path, name, before, after }) => {
    const driver = DRIVERS[String(path.findLast((part) => typeof part === 'string'))];
    if (driver === undefined) return [];
    return [
      md`${words(`${direction(before, after)} ${driver}`)}: ${labelled(resource)} ${settingLabel(name)} ${before} → ${after}`,
    ];
  });
  const hourly = changedResources(plan).flatMap((resource) => {
    const isEndpoint =
      resource.type === 'aws_vpc_endpoint' && resource.change.after?.vpc_endpoint_type === 'Interface';
    const billed = isEndpoint ? 'billed by the hour' : BY_THE_HOUR[resource.type];
    const fate = fateOf(resource);
    if (billed === undefined || fate === 'updated' || fate === 'replaced') return [];
    return [
      md`${words(fate === 'created' ? '↑' : '↓')} ${labelled(resource)} ${words(`${fate}, ${billed}`)}`,
    ];
  });
  return [...changed, ...hourly];
}

function direction(before: string, after: string): '↑' | '↓' | '↕' {
  const [was, is] = [before, after].map((text) => (text === UNSET ? NaN : Number.parseFloat(text)));
  if (was === undefined || is === undefined || Number.isNaN(was) || Number.isNaN(is)) return '↕';
  return is > was ? '↑' : '↓';
}
