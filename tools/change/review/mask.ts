import type { Json, JsonObject } from './plan';

/** A step into a value: an attribute's name or an index. */
export type Path = readonly (string | number)[];

/** Names of secrets. The name alone decides: a needless mask costs a look, a missing one may leak a secret. */
const SECRET_NAME =
  /(?:pass(?:word|wd|phrase)?|secret|token|credential|private_?key|api_?key|access_?key|auth)(?:$|[_\W\d])/iu;

/** Names that contain one of those words but hold no secret. */
const NO_SECRET = /^(?:authorization(?:_type|_scopes)?|authorizer_id|kms_.*|.*_arn|.*_name|.*_id)$/iu;

/** Values that are secrets under any name: AWS key ids, private keys, URLs with a password, JWTs. */
const SECRET_VALUE =
  /\b(?:AKIA|ASIA)[A-Z\d]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY|:\/\/[^/\s:@]+:[^/\s@]+@|\beyJ[\w-]{10,}\.[\w-]{10,}\./u;

/** Whether to mask a value: Terraform marks it as sensitive, its name is a secret's, or it looks like a secret. */
export function isSecret(value: Json | undefined, path: Path, sensitive: Json | undefined): boolean {
  if (isMarked(sensitive, path)) return true;
  if (typeof value === 'string' && SECRET_VALUE.test(value)) return true;
  const name = path.findLast((part) => typeof part === 'string') ?? '';
  return typeof value === 'string' && SECRET_NAME.test(name) && !NO_SECRET.test(name);
}

/** Whether a path or one of its parents is marked in Terraform's tree of sensitive values. */
function isMarked(tree: Json | undefined, path: Path): boolean {
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
