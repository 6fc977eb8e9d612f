import { ToolError } from '../lib/errors';
import { indent, table } from '../lib/terminal';
import type { Environment } from '../lib/environment';
import { capture } from '../lib/processes';
import { ensureTerraform, type EnsureProps, type Terraform } from './terraform';
import { compareVersions } from './versions';

/** A required program, and where to get it. */
interface Prerequisite {
  readonly name: string;
  /** The oldest supported version. */
  readonly minimum: string;
  readonly howToGet: string;
}

const NODE: Prerequisite = {
  name: 'Node.js',
  minimum: '20.19',
  howToGet: 'https://nodejs.org/en/download, or `nvm install` in this folder',
};
const TERRAFORM: Prerequisite = {
  name: 'Terraform',
  minimum: '1.5',
  howToGet:
    'https://developer.hashicorp.com/terraform/install (or TERRAFORM_BINARY_NAME, where it has another name)',
};
const PYTHON: Prerequisite = {
  name: 'Python',
  minimum: '3.10',
  howToGet: 'https://www.python.org/downloads, or your system’s packages: python3 and python3-venv',
};

/** The result of a look at the machine. */
export interface Finding {
  readonly prerequisite: Prerequisite;
  /** The installed version; undefined if not found. */
  readonly version?: string | undefined;
  /** A problem other than the version. */
  readonly lacks?: string | undefined;
  /** Why it could not be fetched. */
  readonly why?: string | undefined;
}

export interface Prerequisites {
  readonly nodeVersion: string;
  readonly terraform: Terraform;
  /** Undefined with the user's own engine, which needs no Python. */
  readonly pythonVersion?: string | undefined;
}

export interface CheckProps extends EnsureProps {
  /** Python runs the project's engine; the user's own engine needs none. */
  readonly withPython: boolean;
}

/**
 * Looks for all prerequisites, and fetches a missing Terraform.
 * @throws {ToolError} that names everything missing and how to get it
 */
export async function checkPrerequisites(props: CheckProps): Promise<Prerequisites> {
  const [{ terraform, why }, python] = await Promise.all([
    ensureTerraform(props),
    props.withPython ? findPython(props.env) : undefined,
  ]);
  const node: Finding = { prerequisite: NODE, version: process.versions.node };
  const found: Finding = { prerequisite: TERRAFORM, version: terraform?.version, why };
  const missing = [node, found, ...(python ? [python] : [])].filter(isMissing);
  if (missing.length > 0 || !terraform) throw new ToolError(missingText(missing));
  return { nodeVersion: process.versions.node, terraform, pythonVersion: python?.version };
}

/** The missing programs, each with its remedy. */
export function missingText(missing: readonly Finding[]): string {
  const rows = missing.map(({ prerequisite, version, lacks }) => [
    `${prerequisite.name} ${prerequisite.minimum} or later`,
    version === undefined ? 'not found' : `found ${version}${lacks === undefined ? '' : `, ${lacks}`}`,
  ]);
  const cures = missing.flatMap(({ prerequisite, why }) => [
    `${prerequisite.name}: ${prerequisite.howToGet}`,
    ...(why === undefined ? [] : [indent(`It could not be fetched: ${why}`)]),
  ]);
  return `Missing on this machine:\n\n${table(rows)}\n\n${indent(cures.join('\n'))}\n\nNothing was started.`;
}

export const isMissing = ({ prerequisite, version, lacks }: Finding): boolean =>
  version === undefined || lacks !== undefined || compareVersions(version, prerequisite.minimum) < 0;

/** Debian and Ubuntu have a separate package for the module that creates virtual environments. */
const PYTHON_PROBE = `
import platform
try:
    import ensurepip, venv
    print(platform.python_version())
except ImportError as missing:
    print(platform.python_version(), missing.name)
`;

async function findPython(env: Environment): Promise<Finding> {
  const answer = await capture('python3', ['-c', PYTHON_PROBE], env);
  const [version, module] = (answer?.code === 0 ? answer.stdout : '').trim().split(' ');
  return {
    prerequisite: PYTHON,
    version: version === '' ? undefined : version,
    lacks: module === undefined ? undefined : `without its module ${module}`,
  };
}
