import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parsePlan, type JsonObject, type Plan, type ResourceChange } from '../../tools/change/review/plan';

/** A plan that the real Terraform made: `__tests__/fixtures/plans/NAME.json`. */
export function fixture(name: string): Plan {
  return parsePlan(readFileSync(planFile(name), 'utf8'), name);
}

/** The fixture's file. */
export const planFile = (name: string): string => path.join('__tests__', 'fixtures', 'plans', `${name}.json`);

/** The account that these plans are of, and another. */
export const OURS = '111111111111';
export const THEIRS = '999999999999';

const PRIOR_STATE: Plan['prior_state'] = {
  values: {
    root_module: {
      resources: [
        {
          address: 'data.aws_caller_identity.current',
          type: 'aws_caller_identity',
          values: { account_id: OURS },
        },
      ],
    },
  },
};

/** A plan of one resource that changes, for what no fixture has. */
export function planOf(
  type: string,
  before: JsonObject | null,
  after: JsonObject | null,
  more: Partial<ResourceChange['change']> & { readonly expressions?: JsonObject } = {},
): Plan {
  const { expressions = {}, ...change } = more;
  const address = `${type}.thing`;
  const actions = before === null ? ['create'] : after === null ? ['delete'] : ['update'];
  return {
    format_version: '1.2',
    prior_state: PRIOR_STATE,
    resource_changes: [{ address, mode: 'managed', type, change: { actions, before, after, ...change } }],
    configuration: { root_module: { resources: [{ address, expressions }] } },
  };
}

/** Several plans of one resource each, as one. */
export const together = (...plans: readonly Plan[]): Plan => ({
  format_version: '1.2',
  prior_state: PRIOR_STATE,
  resource_changes: plans.flatMap((plan, index) =>
    (plan.resource_changes ?? []).map((change) => ({ ...change, address: `${change.address}${index}` })),
  ),
});

/** The lines of a section, without their dashes; empty where there is no such section. */
export function lines(markdown: string, heading: string): string[] {
  const [, after = ''] = markdown.split(`### ${heading}\n`);
  const [body = ''] = after.split('\n### ');
  return body
    .split('\n')
    .filter((line) => line.startsWith('- '))
    .map((line) => line.slice(2));
}

/** The headings of the sections, in their order. */
export const headings = (markdown: string): string[] =>
  [...markdown.matchAll(/^### (.*)$/gmu)].map(([, heading = '']) => heading);
