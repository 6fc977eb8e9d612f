import { z } from 'zod';
import { settingsSchema } from './settings';

/** One setting, as people read of it. */
export interface SettingDescription {
  /** Where it stands, e.g. `processUpload.memorySizeMb`. */
  readonly path: string;
  readonly description: string;
  readonly allowed: string;
  /** Unit of a number; empty where there is none. */
  readonly unit: string;
  /** The default as JSON; undefined where there is none. */
  readonly fallback: string | undefined;
}

/** The parts of a JSON schema that are read here; `allowed` and `unit` come from `about()` in settings.ts. */
interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly description?: string;
  readonly allowed?: string;
  readonly unit?: string;
  readonly default?: unknown;
}

/** Every setting of the schema, in its order; what two choices share (`state.type`) stands once. */
export function describeSettings(): SettingDescription[] {
  // `input`: what a team writes, so that defaults are optional. Refinements have no JSON schema; `allowed` says them.
  const schema = z.toJSONSchema(settingsSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const settings = describe(schema, '');
  return settings.filter(
    (setting, index) => settings.findIndex(({ path }) => path === setting.path) === index,
  );
}

function describe(schema: JsonSchema, path: string): SettingDescription[] {
  if (schema.allowed !== undefined) {
    const { description = '', allowed, unit = '' } = schema;
    const fallback = schema.default === undefined ? undefined : JSON.stringify(schema.default);
    return [{ path, description, allowed, unit, fallback }];
  }
  const inside = Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    describe(property, path === '' ? name : `${path}.${name}`),
  );
  const choices = (schema.anyOf ?? schema.oneOf ?? []).flatMap((choice) => describe(choice, path));
  return [...inside, ...choices];
}
