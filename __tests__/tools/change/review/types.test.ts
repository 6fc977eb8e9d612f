import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { verdict } from '../../../../tools/change/review';
import { SHOWN_VARIABLES } from '../../../../tools/change/review/mask';
import type { Json, JsonObject, Plan } from '../../../../tools/change/review/plan';
import { review } from '../../../../tools/change/review/review';
import type { Rule } from '../../../../tools/change/review/rules';
import { TYPES } from '../../../../tools/change/review/types';
import { lines, OURS, planOf, THEIRS } from '../../../support/plans';
import { EVERYTHING, EVERY_JOB_SOURCE, MINIMAL, parse, synthPipeline } from '../../../support/synth';

/** The stack in the shapes that have every resource it can have. */
const SHAPES = [
  MINIMAL,
  { ...EVERYTHING, jobs: EVERY_JOB_SOURCE },
  ...(['queue', 'eventbridge', 'topic'] as const).map((trigger) => ({ ...EVERYTHING, trigger })),
  { ...MINIMAL, jobs: { idempotency: { enabled: true } } },
].map((settings) => parse(synthPipeline(settings)).resource);

const OWN_TYPES = [...new Set(SHAPES.flatMap((resource) => Object.keys(resource)))].sort();

/**
 * The attributes of a type in the AWS provider, those of its blocks too: the bindings link each to its documentation.
 * Undefined: the provider has no such type.
 */
function attributesOf(type: string): ReadonlySet<string> | undefined {
  const folder = type.replace(/^aws_/u, '').replaceAll('_', '-');
  const file = path.join('node_modules', '@cdktf', 'provider-aws', 'lib', folder, 'index.d.ts');
  if (!existsSync(file)) return undefined;
  return new Set([...readFileSync(file, 'utf8').matchAll(/#(\w+)\}/gu)].map(([, name = '']) => name));
}

describe('the table of types', () => {
  it('has a row for every type that the stack makes', () => {
    expect(OWN_TYPES.length).toBeGreaterThan(40);
    expect(OWN_TYPES.filter((type) => !(type in TYPES))).toEqual([]);
  });

  it('names types and attributes of the AWS provider, and no others', () => {
    const wrong = Object.entries(TYPES).flatMap(([type, facts]) => {
      const known = attributesOf(type);
      if (known === undefined) return [type];
      const { loses = [], exposes = [], keeps = [], mirrors = [], protects, subject, grants } = facts;
      const named = [
        ...[...loses, ...exposes].flatMap(({ at, and = {}, with: more = [] }) => [
          at,
          ...Object.keys(and),
          ...more,
        ]),
        ...keeps.map(({ at }) => at),
        ...mirrors,
        ...[protects, subject?.[1], grants?.principal, grants?.action, grants?.resource].flatMap(
          (name) => name ?? [],
        ),
        ...Object.keys(grants?.conditions ?? {}),
      ].filter((name) => !name.startsWith("'"));
      return named
        .filter(
          (name) =>
            !name.split('.').every((part, index, all) => known.has(part) || all[index - 1] === 'variables'),
        )
        .map((name) => `${type}.${name}`);
    });

    expect(wrong).toEqual([]);
  });
});

/** Values of which every rule takes some and leaves some. */
const CANDIDATES: readonly Json[] = [
  null,
  true,
  false,
  0,
  5,
  'NONE',
  'AWS_IAM',
  '*',
  'public-read',
  'private',
  'log-delivery-write',
  'https',
  'HTTPS',
  'DISABLED',
  'Enabled',
  'Suspended',
  'COMPLIANCE',
  'GOVERNANCE',
  'BucketOwnerEnforced',
  'ObjectWriter',
  'AES256',
  'aws:kms',
  'Enforce',
  'Warn',
  'Allow',
  'MUTABLE',
  'IMMUTABLE',
  'ENABLED',
  'ACTIVE',
  'ON',
  'OFF',
  'KMS',
  'String',
  'SecureString',
  'required',
  'optional',
  'allow',
  'ingress',
  'egress',
  'allow-all',
  'TLS_1_0',
  'VPC',
  'PUBLIC',
  '0.0.0.0/0',
  '::/0',
  '10.0.0.0/8',
  'igw-1',
  'pcx-1',
  's3.amazonaws.com',
  'sts.amazonaws.com',
  '--require x',
  '0',
  '8',
  '14',
  'ALLOW_USER_PASSWORD_AUTH',
  'Disabled',
  '"privileged": true',
  'http://acs.amazonaws.com/groups/global/AllUsers',
  `arn:aws:x:eu-west-1:${OURS}:a`,
  `arn:aws:x:eu-west-1:${THEIRS}:a`,
  'arn:aws:s3:::b',
];

/** Attributes with a value at a dotted path, in blocks as a plan has them; a map where the provider has one. */
const at = (dotted: string, value: Json): JsonObject => {
  const [name = '', ...rest] = dotted.split('.');
  if (rest.length === 0) return { [name]: value };
  const inner = at(rest.join('.'), value);
  return { [name]: name === 'variables' ? inner : [inner] };
};

const RULES = Object.entries(TYPES).flatMap(([type, { loses = [], exposes = [] }]) =>
  [...loses, ...exposes].map((rule) => [type, rule.at, rule] as const),
);

describe('the rule of', () => {
  const context = { accounts: new Set([OURS]) };

  it.each(RULES)(
    '%s about %s is met by some value and not by another, and then told',
    (type, dotted, rule) => {
      const value = (test: Rule['if'], wanted: boolean): Json => {
        const found = CANDIDATES.find((candidate) => test(candidate, context) === wanted);
        if (found === undefined) throw new Error(`No candidate ${wanted ? 'meets' : 'fails'} the rule.`);
        return found;
      };
      const others = Object.entries(rule.and ?? {}).map(([name, test]) => at(name, value(test, true)));
      const plan = planOf(
        type,
        Object.assign({}, ...others, at(dotted, value(rule.if, false))) as JsonObject,
        Object.assign({}, ...others, at(dotted, value(rule.if, true))) as JsonObject,
      );

      expect(review(plan).markdown).toContain(rule.says);
      expect(verdict(review(plan)).code).toBe(3);
    },
  );
});

describe('the variables that are shown', () => {
  it('are those of the stack, and two of the runtime’s', () => {
    const set = SHAPES.flatMap(({ aws_lambda_function: functions = {} }) =>
      Object.values(functions).flatMap(({ environment }) =>
        Object.keys((environment as { variables?: object } | undefined)?.variables ?? {}),
      ),
    );

    expect([...SHOWN_VARIABLES].sort()).toEqual(
      [...new Set([...set, 'NODE_OPTIONS', 'POWERTOOLS_SERVICE_NAME'])].sort(),
    );
  });
});

/** Attributes that are maps; every other object of a configuration is a block. */
const MAPS = new Set([
  'tags',
  'variables',
  'response_parameters',
  'request_parameters',
  'dimensions',
  'parameters',
]);

/** A first deployment as Terraform plans it: what refers to another resource is known only after the apply. */
function planned(resources: (typeof SHAPES)[number]): Plan {
  const blocks = Object.entries(resources).flatMap(([type, named]) =>
    Object.entries(named).map(([name, block]) => ({
      type,
      address: `${type}.${name}`,
      block: block,
    })),
  );
  return {
    format_version: '1.2',
    prior_state: { values: { root_module: { resources: dataOf(JSON.stringify(resources)) } } },
    resource_changes: blocks.map(({ type, address, block }) => {
      const { known: after, later: after_unknown } = split(read(block));
      return {
        address,
        mode: 'managed',
        type,
        change: { actions: ['create'], before: null, after, after_unknown },
      };
    }),
    configuration: {
      root_module: {
        resources: blocks.map(({ address, block }) => ({
          address,
          expressions: expressionsOf(block),
        })),
      },
    },
  };
}

const DATA = /\$\{(data\.(aws_caller_identity|aws_partition|aws_region)\.[\w-]+)\.(\w+)\}/gu;
const VALUES: Readonly<Record<string, string>> = {
  aws_caller_identity: OURS,
  aws_partition: 'aws',
  aws_region: 'us-east-1',
};

/** Data sources are read while Terraform plans. */
const dataOf = (json: string) =>
  [...json.matchAll(DATA)].map(([, address = '', type = '', attribute = '']) => ({
    address,
    type,
    values: { [attribute]: VALUES[type] },
  }));

const read = (block: JsonObject): JsonObject =>
  JSON.parse(
    JSON.stringify(block)
      .replaceAll(DATA, (_, __, type: string) => VALUES[type] ?? '')
      .replaceAll('111122223333', OURS),
  ) as JsonObject;

const isBlock = (name: string, value: Json): boolean =>
  !MAPS.has(name) &&
  membersOf(value).every((part) => typeof part === 'object' && part !== null && !Array.isArray(part));

const membersOf = (value: Json): readonly Json[] =>
  Array.isArray(value) ? (value as readonly Json[]) : [value];

const expressionsOf = (block: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(block).map(([name, value = null]) => [
      name,
      isBlock(name, value)
        ? membersOf(value).map((part) => expressionsOf(part as JsonObject))
        : { constant_value: value },
    ]),
  );

/** The attributes of a block that are known, and those that will be. */
function split(block: JsonObject): { known: JsonObject; later: JsonObject } {
  const known: Record<string, Json> = {};
  const later: Record<string, Json> = {};
  for (const [name, value = null] of Object.entries(block)) {
    if (isBlock(name, value)) {
      const splits = membersOf(value).map((part) => split(part as JsonObject));
      known[name] = splits.map((part) => part.known);
      later[name] = splits.map((part) => part.later);
    } else if (MAPS.has(name)) {
      ({ known: known[name], later: later[name] } = split(value as JsonObject));
    } else if (JSON.stringify(value).includes('${')) later[name] = true;
    else known[name] = value;
  }
  return { known, later };
}

describe('the stack of this project', () => {
  it.each(SHAPES.map((shape) => [Object.values(shape).flatMap(Object.keys).length, shape] as const))(
    'opens nothing, and hides nothing from the review, in a shape of %d resources',
    (_, resources) => {
      const { markdown, ...found } = review(planned(resources));

      expect(lines(markdown, '⚠ Data at risk')).toEqual([]);
      expect(lines(markdown, 'Exposure')).toEqual([]);
      expect(lines(markdown, 'Not seen by this review')).toEqual([]);
      expect(verdict(found).code).toBe(0);
    },
  );
});
