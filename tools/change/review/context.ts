import { accountIn } from './conditions';
import { configurationOf, textOf, type Plan } from './plan';
import type { Context } from './rules';

/**
 * The accounts that a plan's resources are in: of the credentials that planned, and of what is deployed. Where neither
 * is in the plan, every account counts as another's.
 */
export function contextOf(plan: Plan): Context {
  const asked = (plan.prior_state?.values?.root_module?.resources ?? [])
    .filter(({ type }) => type === 'aws_caller_identity')
    .map(({ values }) => textOf(values?.account_id));
  const deployed = (plan.resource_changes ?? [])
    .filter(({ mode }) => mode === 'managed')
    .map(({ change }) => accountIn(textOf(change.before?.arn)) ?? '');
  const named = (plan.resource_changes ?? []).flatMap((resource) =>
    Object.entries(configurationOf(plan, resource))
      .filter(([, expression]) =>
        /"\$\{data\.aws_caller_identity\.[\w-]+\.account_id\}"/u.test(JSON.stringify(expression)),
      )
      .map(([name]) => textOf(resource.change.after?.[name])),
  );
  return {
    accounts: new Set([...asked, ...deployed, ...named].filter((account) => /^\d{12}$/u.test(account))),
  };
}
