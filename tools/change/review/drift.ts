import { md, NOTHING, words, type Markdown } from './markdown';
import { labelled } from './names';
import { permissionChanges } from './permissions';
import { configurationOf, fateOf, isConfigured, type Plan } from './plan';
import { settingChanges, settingLabel } from './settings';
import { statementsOf, type Verbs } from './statement-lines';

const MORE: Verbs = { Allow: 'may by now', Deny: 'is by now not refused' };
const LESS: Verbs = { Allow: 'may by now not', Deny: 'is by now refused' };

/**
 * What was changed outside Terraform since the last apply, of what the configuration sets. The rest is AWS's own: what
 * one resource sets, another tells as changed.
 */
export function drift(plan: Plan): Markdown[] {
  const drifted = (plan.resource_drift ?? []).filter(({ mode }) => mode === 'managed');
  const seen: Plan = { ...plan, resource_changes: drifted };
  const { widened, narrowed } = permissionChanges(seen);
  const gone = drifted
    .filter((resource) => fateOf(resource) === 'destroyed')
    .map((resource) => md`${labelled(resource)} was deleted`);
  const settings = drifted.flatMap((resource) => {
    const configuration = configurationOf(plan, resource);
    return settingChanges(seen, resource)
      .filter(({ path }) => isConfigured(configuration, path) || path[0] === 'tags_all')
      .map(
        ({ name, before, after }) => md`${labelled(resource)}: ${settingLabel(name)} ${before} → ${after}`,
      );
  });
  return [...gone, ...statementsOf(widened, MORE), ...statementsOf(narrowed, LESS), ...settings];
}

/** What becomes managed here, or goes by another address, without a change to the resource itself. */
export function adopted(plan: Plan): Markdown[] {
  return (plan.resource_changes ?? []).flatMap((resource) => {
    const { address, previous_address: previous, change } = resource;
    const id = change.importing?.id;
    const imported = change.importing
      ? [md`imported: ${labelled(resource)}${id === undefined ? NOTHING : md` (id ${id})`}`]
      : [];
    const moved =
      previous === undefined
        ? []
        : [md`moved: ${labelled(resource)} ${words('from')} ${previous} to ${address}`];
    return [...imported, ...moved];
  });
}
