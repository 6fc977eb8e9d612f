import { md, words, type Markdown } from './markdown';
import { describe } from './names';
import { blocksOf, changedResources, fateOf, type JsonObject, type Plan, textOf } from './plan';

/** Changed code by function: the hash of the package before and after. */
export function codeChanges(plan: Plan): Markdown[] {
  return changedResources(plan).flatMap((resource) => {
    if (resource.type !== 'aws_lambda_function' || fateOf(resource) === 'created') return [];
    const { before, after, after_unknown: unknown = {} } = resource.change;
    if (fateOf(resource) === 'destroyed') return [];
    const [was, is] = [hash(before), unknown.source_code_hash === true ? 'known after apply' : hash(after)];
    return was === is ? [] : [md`${describe(resource).name} ${was} → ${is}`];
  });
}

/** Enough of a base64 hash to tell two apart. */
const hash = (attributes: JsonObject | null): string =>
  (textOf(attributes?.source_code_hash) || 'none').slice(0, 12);

/** Moved or weighted aliases: the versions that answer after the apply. */
export function releases(plan: Plan): Markdown[] {
  return changedResources(plan).flatMap((resource) => {
    const { type, change } = resource;
    const { before, after, after_unknown: unknown = {} } = change;
    if (type !== 'aws_lambda_alias' || before === null || after === null) return [];
    const [was, is] = [routing(before), routing(after, unknown)];
    if (was === is) return [];
    const name = textOf(before.function_name).replace(/^arn:.*:function:/u, '');
    const names = `${name}:${textOf(before.name)}`;
    return [md`${names}: ${words(was)} → ${words(is)}${words(kind(before, after, unknown))}`];
  });
}

/** `version 4`, or `version 4 (90 %) and version 5 (10 %)`. */
function routing(alias: JsonObject, unknown: JsonObject = {}): string {
  const main =
    unknown.function_version === true
      ? 'the version that this publishes'
      : `version ${plain(textOf(alias.function_version))}`;
  const weights = weightsOf(alias);
  if (weights.length === 0) return main;
  const rest = weights.reduce((sum, [, weight]) => sum - weight, 1);
  const others = weights.map(([version, weight]) => `version ${plain(version)} (${percent(weight)})`);
  return [`${main} (${percent(rest)})`, ...others].join(' and ');
}

function weightsOf(alias: JsonObject): (readonly [string, number])[] {
  const [config] = blocksOf(alias.routing_config);
  const weights = (config?.additional_version_weights ?? {}) as Readonly<Record<string, number>>;
  return Object.entries(weights);
}

/** A version is a number, or $LATEST; anything else is not printed as it is. */
const plain = (version: string): string => version.replace(/[^\w$]/gu, '?');

const percent = (share: number): string => `${Number((share * 100).toFixed(2))} %`;

/** Whether the version number is lower, so that an earlier version runs again. */
function kind(before: JsonObject, after: JsonObject, unknown: JsonObject): string {
  if (weightsOf(after).length > 0) return ' (canary)';
  if (unknown.function_version === true) return ' (release)';
  const [was, is] = [Number(before.function_version), Number(after.function_version)];
  return is < was ? ' (rollback)' : is > was ? ' (release)' : '';
}
