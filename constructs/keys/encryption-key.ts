import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { DeploymentTarget } from '../base/deployment-target';
import type { Grantee } from '../base/grantee';
import { keyPolicy } from './key-policy';
import { requireInteger } from '../base/validate';

export interface EncryptionKeyProps {
  /** Start of the names of what it encrypts, and its alias: up to 28 letters, digits and hyphens. */
  readonly namePrefix: string;
  /** How long a destroyed key waits, and can be taken back, in days. 7–30. @default 30 */
  readonly deletionWindowDays?: number;
  /** Encrypts DynamoDB tables too. @default false */
  readonly tables?: boolean;
  /** Encrypts nothing new any more, and still decrypts what it encrypted: the step before it goes. @default false */
  readonly retiring?: boolean;
}

/**
 * A key of the account's own for what lies in buckets, queues, topics, tables, logs and environment variables. None of
 * that can be read from the moment the key's deletion is scheduled, and not only when its waiting period is over. So it
 * first retires, and goes later; Terraform has everything leave it before it destroys it.
 * https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
 */
export class EncryptionKey extends Construct {
  readonly key: KmsKey;
  /** What encrypts what is written from now on; undefined while the key retires. */
  readonly forNewData: string | undefined;
  private readonly users = new Map<Grantee, ITerraformDependable>();

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    const { namePrefix, deletionWindowDays = 30 } = props;
    requireInteger(deletionWindowDays, {
      property: 'EncryptionKey.deletionWindowDays',
      minimum: 7,
      maximum: 30,
    });
    this.key = new KmsKey(this, 'key', {
      description: `Encrypts what ${namePrefix} keeps`,
      enableKeyRotation: true,
      deletionWindowInDays: deletionWindowDays,
      policy: keyPolicy(DeploymentTarget.of(this), namePrefix, props.tables),
      // Else Terraform destroys it before it updates what refers to it.
      lifecycle: { createBeforeDestroy: true },
    });
    this.forNewData = props.retiring === true ? undefined : this.key.arn;
    new KmsAlias(this, 'alias', { name: `alias/${namePrefix}`, targetKeyId: this.key.keyId });
  }

  /**
   * Lets `grantee` read and write what this key encrypts, as far as it may reach it.
   * @returns what must exist before it does
   */
  grantUse(grantee: Grantee): ITerraformDependable {
    // One policy a grantee, however many things it uses the key for.
    const granted =
      this.users.get(grantee) ??
      grantee.allow('use-key', [
        { sid: 'UseKey', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [this.key.arn] },
      ]);
    this.users.set(grantee, granted);
    return granted;
  }
}

/** How a queue is encrypted: by a key of one's own, or by the one that SQS keeps. */
export const queueEncryption = (encryptionKey: EncryptionKey | undefined) =>
  encryptionKey?.forNewData === undefined
    ? { sqsManagedSseEnabled: true }
    : { kmsMasterKeyId: encryptionKey.forNewData };
