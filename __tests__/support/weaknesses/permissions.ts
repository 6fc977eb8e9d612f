import { ACCOUNT, isAllowed, roles } from '../iam';
import { allStatements, resourcesOf, text, type Check, type Placed } from './blocks';

const SERVICE = /^[a-z0-9-]+(\.[a-z0-9-]+)?\.amazonaws\.com$/u;

const isKeyPolicy = ({ address }: Placed): boolean => address.startsWith('aws_kms_key.');
const isTrust = ({ Action }: Placed): boolean =>
  Action.every((action) => action.startsWith('sts:AssumeRole'));

/**
 * What has no narrower resource than `*`: attaching a function to a VPC, and tracing it. It must be alone in its policy,
 * so that it hides nothing.
 */
const WITHOUT_RESOURCE = [
  /^ec2:(\w+NetworkInterfaces?|(Unassign|Assign)PrivateIpAddresses|Describe\w+)$/u,
  /^xray:Put\w+$/u,
];
const hasNoResource = ({ Action }: Placed): boolean =>
  WITHOUT_RESOURCE.some((known) => Action.every((action) => known.test(action)));

const ruleOfStatement = (find: (statement: Placed) => string | false | undefined): Check => {
  return (synthesized) =>
    allStatements(synthesized).flatMap((statement) => {
      const found = find(statement);
      return typeof found === 'string' ? [`${statement.address} (${statement.Sid}): ${found}`] : [];
    });
};

/** `*` in the place of a service, an account or the start of a name. */
const isTooWide = (arn: string): boolean => {
  const [, , service = '*', , , ...name] = arn.split(':');
  return service === '*' || name.join(':').startsWith('*');
};

const saysNot = (statement: object): boolean => Object.keys(statement).some((key) => key.startsWith('Not'));

const exactly = ruleOfStatement((statement) => {
  if (saysNot(statement)) return 'says what is left out, not what is allowed';
  if (statement.Effect === 'Deny') return false;
  const wide = statement.Action.find((action) => action.includes('*'));
  return wide !== undefined && `allows ${wide}`;
});

const narrowly = ruleOfStatement((statement) => {
  const { Effect, Resource } = statement;
  if (Effect === 'Deny' || isTrust(statement) || isKeyPolicy(statement) || hasNoResource(statement))
    return false;
  if (Resource === undefined) return 'names no resource';
  const wide = Resource.find(isTooWide);
  return wide !== undefined && `allows it on ${wide}`;
});

/** The policy of an endpoint says who by a condition: a principal in it can be nobody's role. */
const saysWho = ({ address, Condition }: Placed): boolean =>
  address.startsWith('aws_vpc_endpoint.') && /"aws:PrincipalArn":"[^*]/u.test(text(Condition));

/**
 * EventBridge tells KMS neither account nor rule where it sends to an encrypted queue: constructs/keys/key-policy.ts.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
const isEventBridge = (statement: Placed): boolean =>
  isKeyPolicy(statement) && text(statement.Principal) === '{"Service":"events.amazonaws.com"}';

const knownPrincipals = ruleOfStatement((statement) => {
  const { Effect, Principal, Condition } = statement;
  if (Effect === 'Deny' || Principal === undefined || saysWho(statement)) return false;
  if (typeof Principal === 'string') return `lets ${Principal} in`;
  for (const [kind, names] of Object.entries(
    Principal as Readonly<Record<string, string | readonly string[]>>,
  )) {
    for (const name of [names].flat()) {
      const known =
        kind === 'Service'
          ? SERVICE.test(name)
          : kind === 'AWS'
            ? name.includes(`::${ACCOUNT}:`)
            : kind === 'Federated';
      if (!known) return `lets ${kind} ${name} in`;
    }
  }
  const byService = 'Service' in (Principal as object) && !isTrust(statement);
  const narrowed = /aws:SourceAccount|aws:SourceArn|kms:EncryptionContext/u.test(text(Condition));
  return byService && !narrowed && !isEventBridge(statement) && 'lets a service in on behalf of any account';
});

/** A key whose policy lets its whole account do everything is closed by IAM alone. */
const keyUse = ruleOfStatement((statement) => {
  const usesData = statement.Action.some((action) =>
    /^kms:(Decrypt|Encrypt|GenerateDataKey|CreateGrant)/u.test(action),
  );
  const open =
    isKeyPolicy(statement) &&
    statement.Effect === 'Allow' &&
    usesData &&
    statement.Condition === undefined &&
    !isEventBridge(statement);
  return open && 'lets data be read without a condition';
});

const keepsProcessed: Check = (synthesized) => {
  const buckets = resourcesOf(synthesized, 'aws_s3_bucket').map(([, { bucket, bucket_prefix: prefix }]) =>
    text(bucket ?? prefix),
  );
  return [...roles(synthesized)].flatMap(([role, all]) => {
    const statements = all.filter((statement) => !saysNot(statement)); // `exactly` tells of the others
    return buckets
      .filter((bucket) =>
        ['s3:DeleteObject', 's3:DeleteObjectVersion'].some((action) =>
          isAllowed(statements, { action, resource: `arn:aws:s3:::${bucket}/processed/x` }),
        ),
      )
      .map((bucket) => `role ${role}: may delete in ${bucket}/processed/`);
  });
};

const ownRolesOnly: Check = (synthesized) =>
  [
    'aws_iam_role_policy_attachment',
    'aws_iam_policy_attachment',
    'aws_iam_user',
    'aws_iam_access_key',
  ].flatMap((type) =>
    resourcesOf(synthesized, type).map(
      ([address]) => `${address}: permissions that this project does not write itself`,
    ),
  );

/** What someone may do. */
export const permissions: readonly Check[] = [
  exactly,
  narrowly,
  knownPrincipals,
  keyUse,
  keepsProcessed,
  ownRolesOnly,
];
