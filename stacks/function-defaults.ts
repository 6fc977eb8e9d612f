import type { Construct } from 'constructs';
import type { Settings } from '../config/settings';
import { CodeSigning } from '../constructs/keys/code-signing';
import type { EncryptionKey } from '../constructs/keys/encryption-key';
import type { ReleaseProps } from '../constructs/function/live-alias';
import type { NodeFunctionProps } from '../constructs/function/node-function';

/** What every function of the stack has. */
export type FunctionDefaults = Omit<Settings['functions'], 'codeSigning'> &
  Pick<NodeFunctionProps, 'codeSigningConfigArn' | 'encryptionKey'>;

/** The settings of all functions, with what they share. */
export function functionDefaults(
  scope: Construct,
  { functions }: Settings,
  encryptionKey: EncryptionKey | undefined,
): FunctionDefaults {
  const { codeSigning, ...defaults } = functions;
  return {
    ...defaults,
    codeSigningConfigArn: codeSigning && new CodeSigning(scope, 'code-signing', codeSigning).arn,
    encryptionKey,
  };
}

/** What is released by an alias; undefined where the code is called as it is. */
export function releaseProps({
  alias,
  ...release
}: Settings['processUpload']['release']): ReleaseProps | undefined {
  return alias ? release : undefined;
}
