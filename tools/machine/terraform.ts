import type { Environment } from '../lib/environment';
import { messageOf } from '../lib/errors';
import type { Note, Progress } from '../lib/progress';
import { capture } from '../lib/processes';
import { fetchedTerraform, terraformCommand } from '../lib/terraform';
import { fetchTerraform, isFetchable } from './fetch-terraform';

/** The Terraform, or OpenTofu, that runs here. */
export interface Terraform {
  /** What starts it: a name on PATH, or a file. */
  readonly command: string;
  readonly name: string;
  readonly version: string;
  /** As it names this machine's kind: `linux_amd64`. */
  readonly platform: string;
  /** Where it gets providers from. */
  readonly registry: string;
  /** What cdktf, and the tools that run it, must be told of it. */
  readonly environment: Environment;
}

export interface EnsureProps {
  /** The project's folder. */
  readonly root: string;
  readonly env: Environment;
  readonly signal?: AbortSignal | undefined;
  /** Told before anything is fetched. */
  readonly progress?: Pick<Progress, 'say'>;
  /** Told how far it is. */
  readonly note?: Note;
}

/**
 * Finds the person's own Terraform or OpenTofu, or fetches Terraform where there is none.
 * @returns undefined, and why it was not fetched, where there is none after that
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

/** What a Terraform says of itself; undefined where there is no such command, or it is something else. */
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
