import { childOf, isSecret, SECRET, type Path } from './mask';
import { join, md, NOTHING, words, type Markdown } from './markdown';
import { settingName } from './names';
import {
  configurationOf,
  expressionOf,
  textOf,
  type Json,
  type JsonObject,
  type Plan,
  type ResourceChange,
} from './plan';
import { valuesAt, type Context, type Rule } from './rules';

/** What the table says of a resource in one state. */
export interface Finding {
  /** Tells whether the same was so before. */
  readonly key: string;
  readonly says: Markdown;
  readonly byChoice: boolean;
}

export interface Findings {
  readonly found: readonly Finding[];
  /** Attributes that a rule asks for and only the apply will tell. */
  readonly later: readonly string[];
}

/** Asks the rules about a resource before or after the apply. */
export function findingsIn(
  plan: Plan,
  resource: ResourceChange,
  side: 'before' | 'after',
  rules: readonly Rule[],
  context: Context,
): Findings {
  const { change } = resource;
  const attributes = change[side];
  const unknown = side === 'after' ? change.after_unknown : undefined;
  const sensitive = side === 'after' ? change.after_sensitive : change.before_sensitive;
  if (attributes === null) return { found: [], later: [] };
  const expressions = configurationOf(plan, resource);
  const found: Finding[] = [];
  const later: string[] = [];
  for (const rule of rules) {
    if (
      !Object.entries(rule.and ?? {}).every(([at, test]) =>
        valuesAt(attributes, at).every(({ path, value }) => !isLater(unknown, path) && test(value, context)),
      )
    )
      continue;
    for (const { path, value } of valuesAt(attributes, rule.at)) {
      if (isLater(unknown, path)) {
        // A rule about a missing value is content with one that will be; any other cannot be asked yet.
        if (!rule.if(undefined, context) && isOpen(expressions, path)) later.push(settingName(path));
        continue;
      }
      if (!rule.if(value, context)) continue;
      const shown = [
        shownValue(value, path, sensitive),
        ...(rule.with ?? []).flatMap((at) =>
          valuesAt(attributes, at).map((more) => named(more.path, more.value, sensitive)),
        ),
      ].filter(({ text }) => text !== '');
      const detail = shown.length === 0 ? NOTHING : md`: ${join(shown)}`;
      found.push({
        key: `${rule.says}\n${typeof value === 'string' ? value : ''}`,
        says: md`${words(rule.says)}${detail}`,
        byChoice: rule.byChoice === true,
      });
    }
  }
  return { found, later: [...new Set(later)] };
}

/** Only texts: what a switch or a missing value says, the words of the rule say. */
function shownValue(value: Json | undefined, path: Path, sensitive: Json | undefined): Markdown {
  if (typeof value !== 'string' || value === '') return NOTHING;
  return md`${isSecret(value, path, sensitive) ? SECRET : hostOnly(value)}`;
}

function named(path: Path, value: Json | undefined, sensitive: Json | undefined): Markdown {
  if (value === undefined || value === null || value === '') return NOTHING;
  const text = isSecret(value, path, sensitive) ? SECRET : hostOnly(textOf(value));
  return md`${words(settingName(path.filter((part) => typeof part === 'string')))} ${text}`;
}

/** The path of an address on the web is often a secret: who knows it may send. */
const hostOnly = (text: string): string => text.replace(/^(https?:\/\/)(?:[^/@]*@)?([^/?#]+).*$/su, '$1$2/…');

/** Whether a value is known only after the apply. */
function isLater(unknown: JsonObject | undefined, path: Path): boolean {
  let node: Json | undefined = unknown;
  for (const part of path) {
    if (node === true) return true;
    if (Array.isArray(node) && typeof part === 'string') node = (node as readonly Json[])[0];
    node = childOf(node, part);
  }
  return node === true;
}

/** One reference to what AWS will call a resource of this plan: nothing that a rule asks for can hide there. */
const OWN =
  /^(?:\$\{)?(?:module\.[\w-]+\.)*aws_\w+\.[\w-]+(?:\[[^\]]*\])?(?:\.(?:arn|id|url|name|[\w]+_arn|[\w]+_id))?\}?$/u;

/** Whether the configuration gives the value, and by more than the name of another resource of the plan. */
function isOpen(expressions: JsonObject, path: Path): boolean {
  const expression = expressionOf(expressions, path);
  if (expression === undefined) return false; // the service chooses
  const { constant_value: written, references } = expression as JsonObject;
  if (typeof written === 'string') return !OWN.test(written);
  const all = Array.isArray(written) ? written : Array.isArray(references) ? references : [written];
  return !(all as readonly Json[]).every((text) => typeof text === 'string' && OWN.test(text));
}
