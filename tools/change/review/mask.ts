import type { Json, JsonObject } from './plan';

/** A step into a value: an attribute's name or an index. */
export type Path = readonly (string | number)[];

/** Names that secrets go by. A name is enough: what is masked needlessly costs a look, what is not may cost more. */
const SECRET_NAME =
  /(?:pass(?:word|wd|phrase)?|secret|token|credential|private_?key|api_?key|access_?key|auth)(?:$|[_\W\d])/iu;

/** Names that hold one of those words and no secret. */
const NO_SECRET = /^(?:authorization(?:_type|_scopes)?|authorizer_id|kms_.*|.*_arn|.*_name|.*_id)$/iu;

/** Values that are a secret whatever they are called: AWS key ids, private keys, URLs with a password, JWTs. */
const SECRET_VALUE =
  /\b(?:AKIA|ASIA)[A-Z\d]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY|:\/\/[^/\s:@]+:[^/\s@]+@|\beyJ[\w-]{10,}\.[\w-]{10,}\./u;

/** Whether a value must not be printed: Terraform says it is sensitive, or it goes by a secret's name or looks like one. */
export function isSecret(value: Json | undefined, path: Path, sensitive: Json | undefined): boolean {
  if (isMarked(sensitive, path)) return true;
  if (typeof value === 'string' && SECRET_VALUE.test(value)) return true;
  const name = path.findLast((part) => typeof part === 'string') ?? '';
  return typeof value === 'string' && SECRET_NAME.test(name) && !NO_SECRET.test(name);
}

/** Whether a path, or something that it lies in, is marked in Terraform's tree of sensitive values. */
function isMarked(tree: Json | undefined, path: Path): boolean {
  let node: Json | undefined = tree;
  for (const part of path) {
    if (node === true) return true;
    node = childOf(node, part);
  }
  // A value that holds something sensitive is not printed as a whole either.
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
