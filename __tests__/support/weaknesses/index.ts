import { deployed } from '../iam';
import type { Weakness } from './blocks';
import { functions } from './functions';
import { network } from './network';
import { permissions } from './permissions';
import { storage } from './storage';

/**
 * What a reviewer would object to in the synthesized JSON; nothing in a stack as this project makes it. That each is
 * noticed is what `__tests__/stacks/weaknesses.test.ts` shows, by planting it.
 */
export function weaknesses(synthesized: string): Weakness[] {
  const resolved = deployed(synthesized);
  return [...permissions, ...storage, ...functions, ...network].flatMap((check) => check(resolved));
}
