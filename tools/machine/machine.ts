import type { Environment } from '../lib/environment';
import { withoutMissingConfiguration } from '../lib/terraform';
import { localPaths } from './paths';
import { checkPrerequisites, type CheckProps, type Prerequisites } from './prerequisites';
import { findProviderSource } from './providers';

export interface LookProps extends CheckProps {
  /**
   * Whether the mirror's version replaces the setting `awsProvider.version`: right for the local engine, wrong for an
   * account, where a team has chosen the version.
   */
  readonly pinProvider: boolean;
}

export interface Machine extends Prerequisites {
  /** Environment variables that tell cdktf and Terraform about Terraform and its provider. */
  readonly environment: Environment;
  /** The user's environment with these variables. */
  readonly env: Environment;
}

/**
 * Finds Terraform and the source of its provider, for every command that runs cdktf or Terraform.
 * @throws {ToolError} that names everything missing and how to get it
 */
export async function lookAtMachine(props: LookProps): Promise<Machine> {
  const env = withoutMissingConfiguration(props.env);
  const prerequisites = await checkPrerequisites({ ...props, env });
  const { platform, registry, environment } = prerequisites.terraform;
  const paths = localPaths(props.root);
  const source = await findProviderSource({ paths, env, platform, registry });
  if (source.notice !== undefined) props.progress?.say(source.notice);
  const { PIPELINE_AWS_PROVIDER_VERSION: version, ...others } = source.environment;
  const pin = props.pinProvider && version !== undefined ? { PIPELINE_AWS_PROVIDER_VERSION: version } : {};
  const told = { ...environment, ...others, ...pin };
  return { ...prerequisites, environment: told, env: { ...env, ...told } };
}

/** For people: `Node.js 20.19.0, Terraform 1.11.4, Python 3.12.1`. */
export function describeMachine({ nodeVersion, terraform, pythonVersion }: Prerequisites): string {
  const python = pythonVersion === undefined ? '' : `, Python ${pythonVersion}`;
  return `Node.js ${nodeVersion}, ${terraform.name} ${terraform.version}${python}`;
}
