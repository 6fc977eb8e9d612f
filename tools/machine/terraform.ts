import type { Environment } from '../lib/environment';
import { messageOf } from '../lib/errors';
import type { Note, Progress } from '../lib/progress';
import { capture } from '../lib/processes';
import { fetchedTerraform, terraformCommand } from '../lib/terraform';
import { fetchTerraform, isFetchable } from './fetch-terraform';

/** The Terraform or OpenTofu of this machine. */
export interface Terraform {
  /** The command: a name on PATH, or a path. */
  readonly command: string;
  readonly name: string;
  readonly version: string;
  /** As it names this machine's kind: `linux_amd64`. */
  readonly platform: string;
  /** The registry of its providers. */
  readonly registry: string;
  /** Environment variables for cdktf and the tools that run it. */
  readonly environment: Environment;
}

export interface EnsureProps {
  /** The project's folder. */
  readonly root: string;
  readonly env: Environment;
  readonly signal?: AbortSignal | undefined;
  /** Called before a fetch. */
  readonly progress?: Pick<Progress, 'say'>;
  /** Called with the progress. */
  readonly note?: Note;
}

/**
 * Finds the user's own Terraform or OpenTofu; otherwise fetches Terraform.
 * @returns undefined with the reason if it could not be fetched
 */
export async function ensureTerraform(props: EnsureProps): Promise<{ terraform?: Terraform; why?: string }> {
  const { root, env } = props;
  const command = terraformCommand(env, root);
  if (command === undefined) {
    if (!isFetchable(env)) return {};
    try {
      await fetchTerraform(props);
    } catch (error) {
      props.signal?.throwIfAborted();
      return { why: messageOf(error) };
    }
  }
  const terraform = await ask(command ?? fetchedTerraform(root), env);
  return terraform ? { terraform } : {};
}

/** Terraform's own version report; undefined if the command does not exist or is not Terraform. */
async function ask(command: string, env: Environment): Promise<Terraform | undefined> {
  const answer = await capture(command, ['version'], { ...env, CHECKPOINT_DISABLE: '1' });
  const [, name, version, platform] =
    /^(Terraform|OpenTofu) v(\S+)\s+on (\w+)/mu.exec(answer?.stdout ?? '') ?? [];
  if (name === undefined || version === undefined || platform === undefined) return undefined;
  return {
    command,
    name,
    version,
    platform,
    registry: name === 'OpenTofu' ? 'registry.opentofu.org' : 'registry.terraform.io',
    environment: command === 'terraform' ? {} : { TERRAFORM_BINARY_NAME: command },
  };
}
