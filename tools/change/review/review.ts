import { NOT_ASKED, type Account } from './account';
import { contextOf } from './context';
import { costDrivers } from './cost';
import { dataAtRisk, reason } from './data';
import { adopted, drift } from './drift';
import { exposures } from './exposure';
import { join, md, page, section, words, type Markdown } from './markdown';
import { labelled } from './names';
import { permissionChanges } from './permissions';
import { changedResources, fateOf, type Fate, type Plan, type ResourceChange } from './plan';
import { codeChanges, releases } from './releases';
import { settingChanges, settingLabel, type SettingChange } from './settings';
import { statementsOf, type Verbs } from './statement-lines';
import { unseen } from './unseen';

export interface Review {
  readonly markdown: string;
  /** Whether a resource would lose data. */
  readonly dataAtRisk: boolean;
  /** Whether something would be opened, or may be: the review does not see all of it. */
  readonly exposed: boolean;
  /** Whether anything is to change, or was changed outside Terraform. */
  readonly differs: boolean;
}

export interface ReviewProps {
  /** The title, e.g. the environment. */
  readonly title?: string;
  /** What the account says of what the plan changes. @default nobody was asked */
  readonly account?: Account;
}

/** Reviews a plan for its approver, the gravest findings first. */
export function review(plan: Plan, { title = '', account = NOT_ASKED }: ReviewProps = {}): Review {
  const heading = title === '' ? words('## Plan') : md`## Plan for ${words(plainTitle(title))}`;
  const changed = changedResources(plan);
  const outputs = outputsOf(plan);
  const [drifted, adoptions, hidden] = [drift(plan), adopted(plan), unseen(plan)];
  if ([changed, outputs, drifted, adoptions, hidden].every((part) => part.length === 0)) {
    const markdown = page([md`${heading}: no changes`]);
    return { markdown, dataAtRisk: false, exposed: false, differs: false };
  }
  const context = contextOf(plan);
  const risks = dataAtRisk(plan, context, account);
  const permissions = permissionChanges(plan);
  const settings = changed
    .filter((resource) => fateOf(resource) !== 'created')
    .flatMap((resource) => settingChanges(plan, resource));
  const [codes, exposed] = [codeChanges(plan), exposures(plan, permissions, context)];
  const released = releases(plan);
  const unread = [
    ...hidden,
    ...permissions.unknown.map((policy) => md`${policy}: known only after the apply`),
  ];
  const parts = [
    section(
      '⚠ Data at risk',
      risks.map(
        ({ resource, what, detail }) => md`**${labelled(resource)} ${what}**${detail} (${resource.address})`,
      ),
      WHOLE,
    ),
    section('Exposure', exposed, WHOLE),
    section('Not seen by this review', unread, WHOLE),
    section('Waiting in the account', account.waiting),
    section('Changed outside Terraform', drifted),
    section('Permissions widened', statementsOf(permissions.widened, WIDENED)),
    section('Permissions narrowed', statementsOf(permissions.narrowed, NARROWED)),
    section('Code', codes),
    section('Releases', released),
    section('Configuration', configuration(settings)),
    section('What drives the cost', costDrivers(plan, settings)),
    section('Created, replaced, destroyed', lifecycle(changed)),
    section('Imported, moved', adoptions),
    section('Outputs', outputs),
    section('Settings of what is created', settingsOfCreated(plan, changed), { shown: 0 }),
  ];
  const isCalm = risks.length === 0 && exposed.length === 0 && unread.length === 0;
  const summary = [
    risks.length > 0 ? `**${count(risks.length, 'risk')} to data**` : isCalm ? 'no data at risk' : '',
    exposed.length > 0 ? `**${count(exposed.length, 'exposure')}**` : '',
    unread.length > 0 ? `**${unread.length} not seen by this review**` : '',
    drifted.length > 0 ? `**${count(drifted.length, 'change')} outside Terraform**` : '',
    permissions.widened.length > 0 ? 'permissions widened' : '',
    codes.length > 0 ? `code of ${count(codes.length, 'function')}` : '',
    released.length > 0 ? count(released.length, 'release') : '',
    ...(['created', 'updated', 'replaced', 'destroyed', 'forgotten'] as const).map((fate) =>
      countByFate(changed, fate),
    ),
    adoptions.length > 0 ? `${adoptions.length} imported or moved` : '',
  ].filter((text) => text !== '');
  return {
    markdown: page([heading, words(summary.join(' · ')), ...parts]),
    dataAtRisk: risks.length > 0,
    exposed: exposed.length > 0 || unread.length > 0,
    differs: true,
  };
}

/** The gravest findings are not folded. */
const WHOLE = { shown: Infinity };

/** The name of an environment, and no Markdown. */
const plainTitle = (title: string): string => title.replace(/[^\w .,:@/-]/gu, '?');

const count = (many: number, what: string): string => `${many} ${what}${many === 1 ? '' : 's'}`;

function countByFate(changed: readonly ResourceChange[], fate: Fate): string {
  const many = changed.filter((resource) => fateOf(resource) === fate).length;
  return many === 0 ? '' : `${many} ${fate}`;
}

/** One line for a change that several resources share, such as a tag. */
function configuration(settings: readonly SettingChange[]): Markdown[] {
  const alike = new Map<string, SettingChange[]>();
  for (const setting of settings) {
    const { name, before, after } = setting;
    const key = JSON.stringify([name, before, after]);
    alike.set(key, [...(alike.get(key) ?? []), setting]);
  }
  return [...alike.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const who =
      same.length > 2
        ? words(`${same.length} resources`)
        : join(same.map(({ resource }) => labelled(resource)));
    return [md`${who}: ${settingLabel(first.name)} ${first.before} → ${first.after}`];
  });
}

/** One line a resource: whatever nobody has a rule for is here to be read. */
function settingsOfCreated(plan: Plan, changed: readonly ResourceChange[]): Markdown[] {
  return changed
    .filter((resource) => fateOf(resource) === 'created')
    .flatMap((resource) => {
      const settings = settingChanges(plan, resource).map(
        ({ name, after }) => md`${settingLabel(name)} ${after}`,
      );
      return settings.length === 0 ? [] : [md`${labelled(resource)}: ${join(settings)}`];
    });
}

const WIDENED: Verbs = { Allow: 'may', Deny: 'is no longer refused' };
const NARROWED: Verbs = { Allow: 'may no longer', Deny: 'is now refused' };

function lifecycle(changed: readonly ResourceChange[]): Markdown[] {
  return changed
    .filter((resource) => fateOf(resource) !== 'updated')
    .map((resource) => md`${words(fateOf(resource))}: ${labelled(resource)}${reason(resource)}`);
}

function outputsOf(plan: Plan): Markdown[] {
  return Object.entries(plan.output_changes ?? {})
    .filter(([, { actions }]) => actions.join() !== 'no-op')
    .map(([name, { actions }]) => md`${name}: ${words(actions.join(', ').replace(/[^\w, -]/gu, '?'))}`);
}
