import type { Settings } from '../config/settings';
import type { FunctionCodeSource } from '../constructs/function/function-code';

/** Where the build leaves a handler, for each packaging. */
export function handlerCode(
  packaging: Settings['packaging'],
  dist: string,
  name: string,
): FunctionCodeSource {
  return packaging === 'archive'
    ? { packaging, directory: `${dist}/handlers/${name}` }
    : { packaging, zip: `${dist}/packages/${name}.zip` };
}
