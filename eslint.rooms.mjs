// @ts-check
// Which folder may import which. Layers first, then the rooms inside them; eslint.config.mjs makes rules of it, and
// __tests__/rooms.test.ts holds each room's README.md to it. docs/architecture.md, "Layers".
import { readdirSync } from 'node:fs';

/** A folder's name, and the folders beside it that it may import. @typedef {Record<string, readonly string[]>} Table */

/** @type {Table} */
export const LAYERS = {
  handlers: [],
  config: [],
  constructs: [],
  stacks: ['config', 'constructs', 'handlers'],
  // The random schedules and the exhaustive walk play on the tests' model of S3.
  tools: ['config', 'constructs', 'stacks', 'handlers', '__tests__'],
};

/** From the ground up: a room imports only rooms above it. @type {Table} */
const CONSTRUCTS = {
  base: [],
  keys: ['base'],
  'github-access': ['base'],
  failures: ['base', 'keys'],
  function: ['base', 'keys', 'failures'],
  sources: ['base', 'keys', 'failures', 'function'],
  http: ['base', 'keys', 'failures', 'function'],
  health: ['base', 'keys', 'failures', 'function'],
  uploads: ['base', 'keys', 'failures', 'function', 'sources'],
  network: ['base', 'keys', 'failures', 'function', 'sources', 'uploads'],
};

/** @type {Table} */
const TOOLS = {
  lib: [],
  machine: ['lib'],
  build: ['lib'],
  logs: ['lib', 'build'],
  local: ['lib', 'machine', 'build', 'logs'],
  operate: ['lib', 'machine', 'build', 'logs'],
  change: ['lib', 'machine', 'build'],
  plan: ['lib', 'machine', 'build'],
};

/** What a handler may import beside `shared`. A new handler needs no entry. @type {Table} */
const HANDLERS = {
  caller: ['invoked'], // the contract of the function that it calls
  sweep: ['process-upload'], // to tell what the mover would do with a key
};

/** The rooms of each layer. @type {Record<string, Table>} */
export const ROOMS = {
  constructs: CONSTRUCTS,
  tools: TOOLS,
  handlers: Object.fromEntries(
    folders('handlers').map((name) => [name, name === 'shared' ? [] : ['shared', ...(HANDLERS[name] ?? [])]]),
  ),
};

/** Zones for `import-x/no-restricted-paths`. */
export const zones = [
  ...Object.entries(LAYERS).map(([layer, others]) => ({
    target: `./${layer}`,
    from: '.',
    except: ['node_modules', layer, ...others].map((name) => `./${name}`),
    message: `${layer}/ may import ${list(others)}: eslint.rooms.mjs.`,
  })),
  ...Object.entries(ROOMS).flatMap(([layer, table]) => {
    const strange = folders(layer).filter((name) => !(name in table));
    if (strange.length > 0)
      throw new Error(`eslint.rooms.mjs does not say what ${layer}/${strange.join(', ')} may import.`);
    return Object.entries(table).map(([room, others]) => ({
      target: `./${layer}/${room}`,
      from: `./${layer}`,
      except: [room, ...others].map((name) => `./${name}`),
      message: `${layer}/${room}/ may import ${list(others)} of ${layer}/: eslint.rooms.mjs.`,
    }));
  }),
];

/** @param {readonly string[]} names */
function list(names) {
  return names.length > 0 ? names.join(', ') : 'nothing else';
}

/** @param {string} layer */
function folders(layer) {
  return readdirSync(new URL(layer, import.meta.url), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}
