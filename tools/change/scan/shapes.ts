import type { Block, Synthesized } from '../../../__tests__/support/synth';

/**
 * The synthesized JSON for checkov's Terraform JSON parser, which silently skips a file with
 * `terraform.required_version`.
 */
export function asTerraformJson(synthesized: string): string {
  return JSON.stringify(JSON.parse(synthesized), (key, value: unknown) =>
    key === 'required_version' ? undefined : value,
  );
}

/**
 * The synthesized JSON in the shape of `terraform show -json`, which most of checkov's policy rules require. Values that
 * only a plan would know stay references.
 */
export function asPlan(synthesized: string): string {
  const { resource } = JSON.parse(synthesized) as Synthesized;
  const resources = Object.entries(resource).flatMap(([type, blocks]) =>
    Object.entries(blocks).map(([name, values]) => ({
      address: `${type}.${name}`,
      mode: 'managed',
      type,
      name,
      provider_name: 'registry.terraform.io/hashicorp/aws',
      schema_version: 0,
      values: inLists(values),
    })),
  );
  return JSON.stringify({
    format_version: '1.2',
    terraform_version: '1.11.4',
    planned_values: { root_module: { resources } },
    resource_changes: resources.map(({ values, ...resourceOf }) => ({
      ...resourceOf,
      change: { actions: ['create'], before: null, after: values, after_unknown: {} },
    })),
  });
}

/** A plan wraps every block into a list; a map of plain values (tags, variables) is not a block. */
function inLists(block: Block): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(block)
      .filter(([name]) => name !== '//' && name !== 'depends_on' && name !== 'lifecycle')
      .map(([name, value]) => [name, wrapped(name, value)]),
  );
}

const MAPS = new Set([
  'variables',
  'tags',
  'request_parameters',
  'response_parameters',
  'request_templates',
  'request_models',
]);

function wrapped(name: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => (isBlock(item) ? inLists(item) : item));
  return isBlock(value) && !MAPS.has(name) ? [inLists(value)] : value;
}

const isBlock = (value: unknown): value is Block =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
