import type { Ask } from './ask';
import { UsageError } from './errors';

/** The option of every command that changes something in an environment. */
export const YES_OPTION = { yes: { type: 'boolean', short: 'y', default: false } } as const;

export interface ProtectProps {
  readonly name: string;
  readonly settings: { readonly protected: boolean };
  /** Given on the command line: no question. */
  readonly yes: boolean;
  /** What is about to be done, after "This": `sends failed events back`. */
  readonly does: string;
  /** Undefined without a terminal. */
  readonly ask: Ask | undefined;
}

/**
 * Lets a change of a protected environment pass only with its name typed, or with `--yes`.
 * @throws {UsageError} where it does not pass; nothing was changed
 */
export async function protect({ name, settings, yes, does, ask }: ProtectProps): Promise<void> {
  if (!settings.protected || yes) return;
  if (ask === undefined) {
    throw new UsageError(
      `This ${does} in ${name}, which is protected, and there is no terminal to ask on. Nothing was changed. ` +
        'Pass --yes if it is what you want.',
    );
  }
  const answer = await ask(`This ${does} in ${name}, which is protected. Type its name to go on: `);
  if (answer === name) return;
  throw new UsageError(
    `Expected ${JSON.stringify(name)}, got ${JSON.stringify(answer)}. Nothing was changed.`,
  );
}
