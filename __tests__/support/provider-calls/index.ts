import type { CallsByType } from './calls';
import { FUNCTIONS } from './functions';
import { GATEWAY } from './gateway';
import { IDENTITY } from './identity';
import { MESSAGES } from './messages';
import { NETWORK } from './network';
import { STORAGE } from './storage';
import { WATCHING } from './watching';

/** What the AWS provider calls, by type of resource. */
export const PROVIDER_CALLS: CallsByType = {
  ...FUNCTIONS,
  ...GATEWAY,
  ...IDENTITY,
  ...MESSAGES,
  ...NETWORK,
  ...STORAGE,
  ...WATCHING,
};

export { WITHOUT_RESOURCE, type ProviderCalls } from './calls';
