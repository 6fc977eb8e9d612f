import { codes, md, NOTHING, words, type Markdown } from './markdown';
import type { Entry } from './permissions';

export type Verbs = Readonly<Record<Entry['effect'], string>>;

/** Permissions as lines: those that differ only in their action share one. */
export function statementsOf(entries: readonly Entry[], verbs: Verbs): Markdown[] {
  const lines = new Map<string, { start: Markdown; end: Markdown; actions: Set<string> }>();
  for (const { subject, effect, principal, action, resource, condition, bound } of entries) {
    const anyone =
      principal === '*' ? words(bound.isBound ? 'those that the condition names' : 'anyone') : principal;
    const who = anyone === undefined ? subject : md`${anyone}, at ${subject},`;
    const start = md`${who} ${words(verbs[effect])}`;
    const on = resource === 'itself' ? NOTHING : md` on ${resource}`;
    const end = md`${on}${condition === '' ? NOTHING : md` if ${condition}`}`;
    const key = JSON.stringify([start.text, end.text]);
    const line = lines.get(key) ?? { start, end, actions: new Set() };
    line.actions.add(action);
    lines.set(key, line);
  }
  return [...lines.values()].map(({ start, end, actions }) => md`${start} ${codes([...actions])}${end}`);
}
