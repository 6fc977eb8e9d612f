import { is, isOn, isPublicRange, looksLike, type Rule } from '../rules';
import { COMPUTE } from './compute';
import type { Facts, Types } from './facts';
import { IDENTITY } from './identity';
import { MESSAGING, OBSERVING } from './messaging';
import { NETWORK } from './network';
import { STORAGE } from './storage';

/**
 * What each type of resource can expose or lose, for those that this project and its like use. A type that is missing
 * is shown as unknown: a row here makes it known. The attributes are those of the AWS provider, which a test asks.
 */
export const TYPES: Types = {
  ...STORAGE,
  ...IDENTITY,
  ...COMPUTE,
  ...MESSAGING,
  ...OBSERVING,
  ...NETWORK,
};

/** What holds of every type, the unknown ones too, where it has such an attribute. */
export const ANY: { readonly loses: readonly Rule[]; readonly exposes: readonly Rule[] } = {
  loses: [
    { at: 'deletion_protection', if: is(false), says: 'is no longer protected against deletion' },
    { at: 'deletion_protection_enabled', if: is(false), says: 'is no longer protected against deletion' },
    { at: 'force_delete', if: isOn, says: 'may be deleted with all that it holds from now on' },
    { at: 'force_destroy', if: isOn, says: 'may be deleted with all that it holds from now on' },
    { at: 'skip_final_snapshot', if: isOn, says: 'leaves no snapshot when it is deleted' },
  ],
  exposes: [
    { at: 'acl', if: looksLike(/^public-|^authenticated-read$/u), says: 'its access list lets anyone in' },
    { at: 'associate_public_ip_address', if: isOn, says: 'it has an address on the internet' },
    { at: 'cidr_blocks', if: isPublicRange, says: 'it names addresses of the internet' },
    { at: 'encrypted', if: is(false), says: 'it is not encrypted' },
    { at: 'public', if: isOn, says: 'it is public' },
    { at: 'public_access', if: isOn, says: 'it is public' },
    { at: 'publicly_accessible', if: isOn, says: 'it has an address on the internet' },
    { at: 'storage_encrypted', if: is(false), says: 'it is not encrypted' },
  ],
};

/** The row of a type; undefined where the review does not know it. */
export const factsOf = (type: string): Facts | undefined =>
  Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
