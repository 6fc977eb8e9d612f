/** A request that IAM refused, as the sentence of AWS's answer has it. */
export interface Denial {
  /** The ARN of who asked. */
  readonly principal: string;
  /** e.g. `s3:DeleteObject`. */
  readonly action: string;
  /** The ARN; undefined where the sentence names none, as some services leave it out. */
  readonly resource: string | undefined;
  /** The sentence's end, such as `no identity-based policy allows it`. */
  readonly reason: string;
  /** Whether a policy denies it, so that another permission does not help. */
  readonly explicit: boolean;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html#access-denied-error-examples */
const SENTENCE =
  /User: (arn:[^\s\p{Cc}]+) is not authorized to perform: ([\w-]+:\w+)(?: on resource: "?([^\s"\p{Cc}]+)"?)? (because no [\w ()-]+? policy allows|with an explicit deny in an? [\w ()-]*?policy)/gu;

/** Every denial in a text, each once. */
export function denialsIn(text: string): readonly Denial[] {
  const found = [...text.matchAll(SENTENCE)].map(([, principal = '', action = '', resource, end = '']) => ({
    principal,
    action,
    resource,
    reason: end.startsWith('because ') ? `${end.slice('because '.length)} it` : end.slice('with '.length),
    explicit: end.startsWith('with '),
  }));
  return [...new Map(found.map((denial) => [JSON.stringify(denial), denial])).values()];
}

/** What a denial means, and the permission to add where a function of this stack was refused. */
export function explainDenial(denial: Denial, namePrefix: string): string {
  const { principal, action, resource, reason, explicit } = denial;
  const unit = unitOf(principal, namePrefix);
  const what = `${unit ?? principal} may not ${action}${resource === undefined ? '' : ` on ${resource}`}: ${reason}.`;
  if (explicit) return `${what} No permission helps while that policy denies it.`;
  if (unit === undefined) return `${what} docs/operations.md lists what each command may do.`;
  const verb = action.replace(/^[^:]*:/u, '');
  const id = verb.replaceAll(/(?<=[a-z])(?=[A-Z])/gu, '-').toLowerCase();
  const resources = resource === undefined ? '…' : `'${resource}'`;
  return (
    `${what}\nIf it should, add to stacks/units/${unit}.ts, with a resource as narrow as can be:\n` +
    `  ${camelCase(unit)}.allow('${id}', [{ sid: '${verb}', actions: ['${action}'], resources: [${resources}] }]);`
  );
}

/** The explanations of all denials in a text; empty where there is none. */
export const explainDenials = (text: string, namePrefix: string): string =>
  denialsIn(text)
    .map((denial) => explainDenial(denial, namePrefix))
    .join('\n');

/** The unit whose function's role it is: a role has its function's name (constructs/function/node-function.ts). */
function unitOf(principal: string, namePrefix: string): string | undefined {
  const role = /^arn:[\w-]+:sts::\d*:assumed-role\/([^/]+)\//u.exec(principal)?.[1];
  return role?.startsWith(`${namePrefix}-`) === true ? role.slice(namePrefix.length + 1) : undefined;
}

const camelCase = (name: string): string =>
  name.replaceAll(/-(\w)/gu, (_, letter: string) => letter.toUpperCase());
