import { setTimeout as sleep } from 'node:timers/promises';
import { denialsIn, type Denial } from '../../../tools/lib/denial';
import { count, table } from '../../../tools/lib/terminal';
import type { EngineApi } from './engine-api';
import { grantsIn, policiesOf, rolesOf, withoutGrant, type Grant } from './grants';

/** Something that the pipeline does under the roles of its functions. */
export interface Scenario {
  readonly name: string;
  /** Whether it makes use of a grant; `role` is without the prefix of all names. */
  readonly needs: (grant: Grant) => boolean;
  /** Does it, until it is done. @returns what was answered, in which a denial may stand */
  readonly play: (isOver: () => boolean) => Promise<string>;
}

/** Why a grant that nothing was seen to need is there nevertheless. */
export interface Reason {
  readonly of: (grant: Grant) => boolean;
  readonly why: string;
}

export interface Measured {
  readonly grant: Grant;
  /** `needed`: without it IAM refused exactly it. `reasoned`: nothing did, and a reason says why. */
  readonly verdict: 'needed' | 'reasoned' | 'unexplained' | 'staleReason' | 'untried';
  /** The scenario that showed it, or the reason. */
  readonly by: string;
}

export interface MeasureProps {
  readonly api: EngineApi;
  /** The start of every role's name, with its hyphen. */
  readonly prefix: string;
  readonly scenarios: readonly Scenario[];
  readonly reasons: readonly Reason[];
  /** What the engine and its handlers have logged so far. */
  readonly log: () => Promise<string>;
  /** Which grants are tried. @default all */
  readonly only?: (grant: Grant) => boolean;
  readonly onMeasured?: (measured: Measured) => void;
}

const LOOK_MS = 100;

/** Every grant of the roles of a deployment, without the prefix in the roles' names. */
export async function grantsOf(api: EngineApi, prefix: string): Promise<Grant[]> {
  const roles = await rolesOf(api, prefix);
  const policies = await Promise.all(roles.map(async (role) => [role, await policiesOf(api, role)] as const));
  return policies.flatMap(([role, all]) =>
    [...all].flatMap(([name, document]) => grantsIn(role, name, document)),
  );
}

/** Takes each grant away, one at a time, and looks whether IAM then refuses exactly it. */
export async function measureGrants(props: MeasureProps): Promise<Measured[]> {
  const { api, prefix, only = () => true, onMeasured } = props;
  const measured: Measured[] = [];
  for (const role of await rolesOf(api, prefix)) {
    for (const [policy, document] of await policiesOf(api, role)) {
      for (const grant of grantsIn(role, policy, document).filter(only)) {
        const one = await withoutGrant(api, grant, document, () => measure(grant, props));
        measured.push(one);
        onMeasured?.(one);
      }
    }
  }
  return measured;
}

async function measure(grant: Grant, { prefix, scenarios, reasons, log }: MeasureProps): Promise<Measured> {
  const named = { ...grant, role: grant.role.slice(prefix.length) };
  const reason = reasons.find(({ of }) => of(named));
  const needing = scenarios.filter(({ needs }) => needs(named));
  for (const { name, play } of needing) {
    const before = (await log()).length;
    const played = { over: false, answer: '' };
    const isDenied = async (): Promise<boolean> => {
      const told = (await log()).slice(before) + played.answer;
      // A handler may say it in its own words: handlers/shared/invoke.ts.
      return (
        told.includes(`grant it ${grant.action} on`) || denialsIn(told).some((denial) => isOf(denial, grant))
      );
    };
    const playing = play(() => played.over).then((answer) => {
      Object.assign(played, { over: true, answer });
    });
    while (!played.over && !(await isDenied())) await sleep(LOOK_MS);
    played.over = true;
    await playing;
    if (await isDenied())
      return { grant, verdict: reason ? 'staleReason' : 'needed', by: reason?.why ?? name };
  }
  if (reason) return { grant, verdict: 'reasoned', by: reason.why };
  return needing.length === 0
    ? { grant, verdict: 'untried', by: 'no scenario makes use of it' }
    : { grant, verdict: 'unexplained', by: needing.map(({ name }) => name).join(', ') };
}

const isOf = ({ principal, action }: Denial, grant: Grant): boolean =>
  principal.includes(`:assumed-role/${grant.role}/`) && action.toLowerCase() === grant.action.toLowerCase();

/** The table of what was measured, and its sum. */
export function measuredTable(measured: readonly Measured[], prefix: string): string {
  const rows = measured.map(
    ({ grant: { role, action, resource }, verdict, by }) =>
      [
        role.slice(prefix.length),
        action,
        resource.split(':').slice(5).join(':') || resource,
        `${VERDICTS[verdict]}: ${by}`,
      ] as const,
  );
  const counts = new Map<string, number>();
  for (const { verdict, by } of measured) {
    const what = verdict === 'needed' ? '' : by;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  const needed = counts.get('') ?? 0;
  counts.delete('');
  const byReason = [...counts].map(([why, number]) => `  ${String(number).padStart(3)}  ${why}`);
  return [
    table(rows),
    '',
    `${count(measured.length, 'permission')} granted, ${needed} shown to be needed, the rest by reason:`,
    ...byReason,
  ].join('\n');
}

const VERDICTS: Readonly<Record<Measured['verdict'], string>> = {
  needed: 'needed',
  reasoned: 'not noticed',
  unexplained: 'NOT NEEDED, and no reason says why it is granted; played',
  staleReason: 'NEEDED AFTER ALL, although a reason says',
  untried: 'UNTRIED',
};

/** What must not be: a permission that nothing needs, or a reason that does not hold. */
export const problemsIn = (measured: readonly Measured[]): readonly Measured[] =>
  measured.filter(({ verdict }) => verdict !== 'needed' && verdict !== 'reasoned');
