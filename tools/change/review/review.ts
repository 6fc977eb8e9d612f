import { costDrivers } from './cost';
import { dataAtRisk, reason } from './data';
import { exposures } from './exposure';
import { code, page, section } from './markdown';
import { describe } from './names';
import { permissionChanges, type Entry, type SynthesizedResources } from './permissions';
import { changedResources, fateOf, type Fate, type Plan, type ResourceChange } from './plan';
import type { Counts } from './prefixes';
import { codeChanges, releases } from './releases';
import { settingChanges, type SettingChange } from './settings';

export interface Review {
  readonly markdown: string;
  /** Whether a resource would lose data. */
  readonly dataAtRisk: boolean;
}

export interface ReviewProps {
  /** The title, e.g. the environment. */
  readonly title?: string;
  /** The blocks of the synthesized JSON, for values that a plan does not know yet. */
  readonly synthesized?: SynthesizedResources;
  /** How many objects lie below the prefixes that the plan leaves behind. @default nobody was asked */
  readonly counts?: Counts;
}

/** Reviews a plan for its approver, the gravest findings first. */
export function review(
  plan: Plan,
  { title = '', synthesized = {}, counts = new Map() }: ReviewProps = {},
): Review {
  const heading = `## Plan${title === '' ? '' : ` for ${title}`}`;
  const changed = changedResources(plan);
  const outputs = outputsOf(plan);
  if (changed.length === 0 && outputs.length === 0) {
    return { markdown: page([`${heading}: no changes`]), dataAtRisk: false };
  }
  const risks = dataAtRisk(plan, counts);
  const permissions = permissionChanges(plan, synthesized);
  const settings = changed.flatMap((resource) => settingChanges(plan, resource));
  const [codes, exposed] = [codeChanges(plan), exposures(plan, permissions)];
  const released = releases(plan);
  const parts = [
    section(
      '⚠ Data at risk',
      risks.map(
        ({ resource, what, detail }) =>
          `**${labelled(resource)} ${what}**${detail} (${code(resource.address)})`,
      ),
    ),
    section('Exposure', exposed),
    section('Permissions widened', statementsOf(permissions.widened, WIDENED)),
    section('Permissions narrowed', statementsOf(permissions.narrowed, NARROWED)),
    section('Permissions known only after the apply', permissions.unknown),
    section('Code', codes),
    section('Releases', released),
    section('Configuration', configuration(settings)),
    section('What drives the cost', costDrivers(plan, settings)),
    section('Created, replaced, destroyed', lifecycle(changed)),
    section('Outputs', outputs),
  ];
  const summary = [
    risks.length > 0 ? `**${count(risks.length, 'risk')} to data**` : 'no data at risk',
    exposed.length > 0 ? `**${count(exposed.length, 'exposure')}**` : '',
    permissions.widened.length > 0 ? 'permissions widened' : '',
    codes.length > 0 ? `code of ${count(codes.length, 'function')}` : '',
    released.length > 0 ? count(released.length, 'release') : '',
    ...(['created', 'updated', 'replaced', 'destroyed', 'forgotten'] as const).map((fate) =>
      countByFate(changed, fate),
    ),
  ].filter((text) => text !== '');
  return { markdown: page([heading, summary.join(' · '), ...parts]), dataAtRisk: risks.length > 0 };
}

const count = (many: number, what: string): string => `${many} ${what}${many === 1 ? '' : 's'}`;

function countByFate(changed: readonly ResourceChange[], fate: Fate): string {
  const many = changed.filter((resource) => fateOf(resource) === fate).length;
  return many === 0 ? '' : `${many} ${fate}`;
}

function labelled(resource: ResourceChange): string {
  const { noun, name } = describe(resource);
  return `${noun} ${code(name)}`;
}

/** One line for a change that several resources share, such as a tag. */
function configuration(settings: readonly SettingChange[]): string[] {
  const alike = new Map<string, SettingChange[]>();
  for (const setting of settings) {
    const { name, before, after } = setting;
    const key = JSON.stringify([name, before, after]);
    alike.set(key, [...(alike.get(key) ?? []), setting]);
  }
  return [...alike.values()].map((same) => {
    const [first] = same;
    if (first === undefined) return '';
    const who =
      same.length > 2
        ? `${same.length} resources`
        : same.map(({ resource }) => labelled(resource)).join(', ');
    return `${who}: ${first.name} ${code(first.before)} → ${code(first.after)}`;
  });
}

type Verbs = Readonly<Record<Entry['effect'], string>>;

const WIDENED: Verbs = { Allow: 'may', Deny: 'is no longer refused' };
const NARROWED: Verbs = { Allow: 'may no longer', Deny: 'is now refused' };

/** Permissions as lines: those that differ only in their action share one. */
function statementsOf(entries: readonly Entry[], verbs: Verbs): string[] {
  const lines = new Map<string, string[]>();
  for (const { subject, effect, principal, action, resource, condition } of entries) {
    const who =
      principal === undefined ? subject : `${principal === '*' ? 'anyone' : code(principal)}, at ${subject},`;
    const on = resource === 'itself' ? '' : ` on ${code(resource)}`;
    const key = [`${who} ${verbs[effect]}`, `${on}${condition === '' ? '' : ` if ${code(condition)}`}`].join(
      '\u0000',
    );
    lines.set(key, [...(lines.get(key) ?? []), action]);
  }
  return [...lines].map(([key, actions]) => {
    const [start = '', end = ''] = key.split('\u0000');
    return `${start} ${[...new Set(actions)].map(code).join(', ')}${end}`;
  });
}

function lifecycle(changed: readonly ResourceChange[]): string[] {
  return changed
    .filter((resource) => fateOf(resource) !== 'updated')
    .map((resource) => `${fateOf(resource)}: ${labelled(resource)}${reason(resource)}`);
}

function outputsOf(plan: Plan): string[] {
  return Object.entries(plan.output_changes ?? {})
    .filter(([, { actions }]) => actions.join() !== 'no-op')
    .map(([name, { actions }]) => `${code(name)}: ${actions.join(', ')}`);
}
