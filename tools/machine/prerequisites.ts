import { ToolError } from '../lib/errors';
import { indent, table } from '../lib/terminal';
import type { Environment } from '../lib/environment';
import { capture } from '../lib/processes';

/** What has to be on the machine, and where it comes from. */
interface Prerequisite {
  readonly name: string;
  /** The oldest version that will do. */
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

/** What a look at the machine found. */
export interface Finding {
  readonly prerequisite: Prerequisite;
  /** The version that is there; undefined where nothing was found. */
  readonly version?: string | undefined;
  /** What is wrong besides the version. */
  readonly lacks?: string | undefined;
}

export interface Prerequisites {
  readonly nodeVersion: string;
  readonly terraformVersion: string;
  /** As Terraform names this machine's kind: `linux_amd64`. */
  readonly platform: string;
  /** Undefined where the engine is the person's own, which needs no Python. */
  readonly pythonVersion?: string | undefined;
}

export interface CheckProps {
  readonly env: Environment;
  /** Python runs the project's engine; an engine of the person's own needs none. */
  readonly withPython: boolean;
}

/**
 * Looks for everything at once.
 * @throws {ToolError} that names all that is missing and how to get it
 */
export async function checkPrerequisites({ env, withPython }: CheckProps): Promise<Prerequisites> {
  const [terraform, python] = await Promise.all([
    findTerraform(env),
    withPython ? findPython(env) : undefined,
  ]);
  const node: Finding = { prerequisite: NODE, version: process.versions.node };
  const missing = [node, terraform.finding, ...(python ? [python] : [])].filter(isMissing);
  if (missing.length > 0) throw new ToolError(missingText(missing));
  return {
    nodeVersion: process.versions.node,
    terraformVersion: terraform.finding.version ?? '',
    platform: terraform.platform,
    pythonVersion: python?.version,
  };
}

/** What is missing, each with its cure. */
export function missingText(missing: readonly Finding[]): string {
  const rows = missing.map(({ prerequisite, version, lacks }) => [
    `${prerequisite.name} ${prerequisite.minimum} or later`,
    version === undefined ? 'not found' : `found ${version}${lacks === undefined ? '' : `, ${lacks}`}`,
  ]);
  const cures = missing.map(({ prerequisite }) => `${prerequisite.name}: ${prerequisite.howToGet}`);
  return `Missing on this machine:\n\n${table(rows)}\n\n${indent(cures.join('\n'))}\n\nNothing was started.`;
}

export const isMissing = ({ prerequisite, version, lacks }: Finding): boolean =>
  version === undefined || lacks !== undefined || compareVersions(version, prerequisite.minimum) < 0;

/** Compares dotted version numbers; what follows a hyphen is ignored. */
export function compareVersions(left: string, right: string): number {
  const numbers = (version: string): number[] => (version.split('-')[0] ?? '').split('.').map(Number);
  const [a, b] = [numbers(left), numbers(right)];
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export async function findTerraform(env: Environment): Promise<{ finding: Finding; platform: string }> {
  // The name cdktf goes by: https://developer.hashicorp.com/terraform/cdktf/create-and-deploy/environment-variables
  const command = env.TERRAFORM_BINARY_NAME ?? 'terraform';
  const answer = await capture(command, ['version', '-json'], { ...env, CHECKPOINT_DISABLE: '1' });
  const version = /"terraform_version":\s*"([^"]+)"/u.exec(answer?.stdout ?? '')?.[1];
  const platform = /"platform":\s*"([^"]+)"/u.exec(answer?.stdout ?? '')?.[1] ?? '';
  return { finding: { prerequisite: TERRAFORM, version }, platform };
}

/** Debian and Ubuntu package the module that makes virtual environments apart from Python. */
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
