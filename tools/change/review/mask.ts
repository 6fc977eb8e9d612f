import type { Json, JsonObject } from './plan';

/** A step into a value: an attribute's name or an index. */
export type Path = readonly (string | number)[];

export const SECRET = '(sensitive)';

/** Names of secrets. The name alone decides: a needless mask costs a look, a missing one may leak a secret. */
const SECRET_NAME =
  /(?:pass(?:word|wd|phrase)?|pwd|secret|token|credential|private_?key|api_?key|access_?key|auth|dsn|webhook)(?:s?$|[_\W\d])/iu;

/** Names that contain one of those words but hold no secret. */
const NO_SECRET = /^(?:authorization(?:_type|_scopes)?|authorizer_id|kms_.*|.*_arn|.*_name|.*_id)$/iu;

/**
 * Values that are secrets under any name, by the marks that their issuers gave them to be found by. Each is short and
 * has no nested repetition: plans are read that others wrote.
 * https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns
 */
const SECRET_VALUES = [
  /\b(?:AKIA|ASIA)[A-Z\d]{16}\b/u,
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY/u,
  /:\/\/[^/\s:@]{0,200}:[^/\s@]{1,200}@/u, // a URL with a password
  /\b[\w.-]{1,60}:[^\s/@]{1,100}@(?:tcp|unix)?\(/u, // a data source name of MySQL
  /\beyJ[\w-]{10,}\.[\w-]{10,}\./u, // a JSON web token
  /\b(?:(?:sk|rk|pk)_(?:live|test)|whsec)_[A-Za-z\d]{16,}/u, // Stripe
  /\bsk-[\w-]{20,}/u, // OpenAI, Anthropic
  /\b(?:gh[oprsu]_[A-Za-z\d]{30,}|github_pat_\w{22,}|gl(?:pat|dt)-[\w-]{20,}|npm_[A-Za-z\d]{30,}|pypi-[\w-]{50,})/u,
  /\b(?:xox[abeoprs]-[\w-]{10,}|xapp-[\w-]{20,}|SG\.[\w-]{16,}\.[\w-]{16,}|AIza[\w-]{30,}|ya29\.[\w-]{20,}|hf_[A-Za-z]{30,}|dop_v1_\w{40,}|shpat_\w{30,})/u,
  /\bhooks\.slack\.com\/|\bdiscord(?:app)?\.com\/api\/webhooks\/|\bwebhook\.office\.com\/|\/webhooks?\/[\w/-]{16,}/u,
  // Not behind a colon: an ARN names a secret, `…:secret:prod/db`, and is none.
  /(?<![:/A-Za-z\d])(?:[a-z]{1,20}[_-])?(?:password|passwd|pwd|secret|token|sig|signature|api_?key|access_?key|accountkey|sharedaccesskey)["']?\s{0,3}[=:]\s{0,3}["']?[^\s;&"',)]{4,}/iu,
  /\b(?:bearer|basic)\s+(?=\S{0,200}\d)[\w.~+/=-]{12,}/iu,
] as const;

/** Whether to mask a value: Terraform marks it as sensitive, its name is a secret's, or it looks like a secret. */
export function isSecret(value: Json | undefined, path: Path, sensitive: Json | undefined): boolean {
  if (isMarked(sensitive, path)) return true;
  if (typeof value === 'string' && looksSecret(value)) return true;
  if (isEnvironment(path)) return !isPublic(path);
  const name = path.findLast((part) => typeof part === 'string') ?? '';
  return typeof value === 'string' && SECRET_NAME.test(name) && !NO_SECRET.test(name);
}

/** Whether a text looks like a secret, under any name. */
const looksSecret = (text: string): boolean => SECRET_VALUES.some((pattern) => pattern.test(text));

/** A text, or the mask where it looks like a secret. */
export const maskText = (text: string): string => (looksSecret(text) ? SECRET : text);

/** Attributes that give a program its environment or its arguments, in any service. */
const ENVIRONMENT =
  /^(?:variables|(?:\w{1,40}_)?environment_variables?|default_arguments|parameters|user_data(?:_base64)?)$/u;

/** Members of an environment that are shown: those that this project's stack sets, and two of Node.js and Powertools. */
export const SHOWN_VARIABLES: ReadonlySet<string> = new Set([
  'FAILURE_MESSAGE_BYTES',
  'FORMER_PREFIXES',
  'IDEMPOTENCY_EXPIRES_AFTER_HOURS',
  'IDEMPOTENCY_TABLE_NAME',
  'INVOKED_FUNCTION_NAME',
  'LOG_LEVEL',
  'MAXIMUM_PER_SECOND',
  'NODE_OPTIONS',
  'NOTE_KEY',
  'OLDER_THAN_MINUTES',
  'ON_EXISTING',
  'POWERTOOLS_METRICS_NAMESPACE',
  'POWERTOOLS_SERVICE_NAME',
  'PROCESSED_PREFIX',
  'PROCESS_UPLOAD_FUNCTION_NAME',
  'UPLOAD_BUCKET',
  'UPLOAD_PREFIX',
  'UPLOAD_QUEUE_URL',
]);

/** Whether a path leads into the environment of a program: `environment.KEY`, or `environment[0].value` of a container. */
const isEnvironment = (path: Path): boolean =>
  path.some(
    (part, index) =>
      typeof part === 'string' &&
      (ENVIRONMENT.test(part) ||
        (part === 'environment' && (typeof path[index + 1] === 'string' || path[index + 2] === 'value'))),
  );

/** Whether the member of an environment that a path leads to is on the list of those that are shown. */
const isPublic = (path: Path): boolean =>
  SHOWN_VARIABLES.has(String(path.findLast((part) => typeof part === 'string')));

/** Whether a path or one of its parents is marked in Terraform's tree of sensitive values. */
export function isMarked(tree: Json | undefined, path: Path): boolean {
  let node: Json | undefined = tree;
  for (const part of path) {
    if (node === true) return true;
    node = childOf(node, part);
  }
  // A value with a sensitive part is masked too.
  return holdsTrue(node);
}

export function childOf(node: Json | undefined, part: string | number): Json | undefined {
  if (typeof node !== 'object' || node === null) return undefined;
  return Array.isArray(node) ? (node as readonly Json[])[Number(part)] : (node as JsonObject)[part];
}

function holdsTrue(node: Json | undefined): boolean {
  if (node === true) return true;
  return typeof node === 'object' && node !== null && Object.values(node).some(holdsTrue);
}
